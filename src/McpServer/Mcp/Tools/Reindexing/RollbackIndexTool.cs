using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Mcp.Confirmation;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Makes the previous generation of a catalog live again.</summary>
internal sealed class RollbackIndexTool(ReindexJobs jobs, Confirmations confirmations) : ReindexToolBase(jobs, ReindexPermission.Rollback)
{
    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          {{{{CatalogSchema}}}},
          {{{{Confirmations.Schema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "generation": {{{{GenerationView.Schema}}}}
        """;

    public override Tool Definition { get; } = ToolDefinition.Create(
        "rollback_index",
        "Roll back an index",
        "Makes the previous generation of a catalog live again, at once, for everybody who searches it. A second call goes forward again, unless another generation was made between. Look at get_reindex first to see which generations there are. "
        + "It has to be confirmed: by the person who uses the client, or by confirm where the client cannot ask.",
        "M4 12a8 8 0 1 0 3-6M4 3v5h5M12 8v4l3 2",
        InputSchema,
        ToolSchema.Answer(["catalog", "generation"], Properties),
        new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = false });

    public override bool IsLong => true;

    protected override async ValueTask<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var catalog = await ReadCatalogAsync(call, cancellationToken);
        var scope = call.Caller.Scope;
        var question = ReindexQuestions.Rollback(catalog, await Jobs.AtStakeAsync(scope, ReindexPermission.Rollback, catalog, cancellationToken));
        if (question is not null && confirmations.Judge(call, question).Refusal is { } refusal)
        {
            return refusal;
        }

        return Answer(catalog, await Jobs.RollbackAsync(scope, catalog, cancellationToken));
    }

    private static ToolAnswer Answer(string catalog, GenerationInfo live)
    {
        var text = new StringBuilder(256).Append(catalog).Append(": ");
        var json = ToolJson.Write((catalog, live, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WriteString("catalog", a.catalog);
            json.WritePropertyName("generation");
            GenerationView.Write(json, a.text, a.live, live: true);
            json.WriteEndObject();
        });
        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
