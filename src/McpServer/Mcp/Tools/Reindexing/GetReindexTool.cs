using System.Collections.Immutable;
using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Tells of a job, or of a catalog's latest jobs, and which generations there are.</summary>
internal sealed class GetReindexTool(ReindexJobs jobs) : ReindexToolBase(jobs, ReindexPermission.Read)
{
    private const int LatestJobs = 10;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          {{{{JobIdSchema}}}},
          {{{{CatalogSchema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "jobs": {"type": "array", "items": {{{{ReindexView.Schema}}}}, "description": "The job asked for, or the latest 10 of the catalog, newest first." },
        "generations": {"type": "array", "items": {{{{GenerationView.Schema}}}}, "description": "Those kept, newest first. rollback_index makes the second live again." }
        """;

    public override Tool Definition { get; } = Define(
        "get_reindex",
        "Get reindex jobs",
        "Tells how a reindex job goes: state, stage, progress, rate, counts, and why rows were rejected. Name a job, or a catalog for its latest jobs. Also lists the generations of the catalog's index.",
        "M12 3a9 9 0 1 0 .1 0M12 7v5l4 2",
        InputSchema,
        ToolSchema.Answer(["catalog", "jobs", "generations"], Properties),
        new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true });

    protected override async ValueTask<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (scope, arguments) = (call.Caller.Scope, call.Arguments);
        if (!arguments.Has(JobId))
        {
            var catalog = ReadCatalog(call);
            return Answer(catalog, Jobs.Latest(scope, catalog, LatestJobs), await Jobs.GenerationsAsync(scope, catalog, cancellationToken));
        }

        if (arguments.Has(CatalogName))
        {
            throw arguments.Fault(CatalogName, $"cannot be given together with '{JobId}'; name one of them");
        }

        return Jobs.Find(scope, arguments.RequiredText(JobId, 64)) is { } job
            ? Answer(job.Catalog, [job], await Jobs.GenerationsAsync(scope, job.Catalog, cancellationToken))
            : UnknownJob();
    }

    private static ToolAnswer Answer(string catalog, ImmutableArray<ReindexJobInfo> found, IReadOnlyList<GenerationInfo> generations)
    {
        var text = new StringBuilder(1_024);
        var json = ToolJson.Write((catalog, found, generations, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WriteString("catalog", a.catalog);
            json.WriteStartArray("jobs");
            foreach (var job in a.found)
            {
                ReindexView.Write(json, a.text, job);
            }

            json.WriteEndArray();
            if (a.found.IsEmpty)
            {
                a.text.Append("No job of this catalog since the server started.\n");
            }

            json.WriteStartArray("generations");
            for (var i = 0; i < a.generations.Count; i++)
            {
                GenerationView.Write(json, a.text, a.generations[i], live: i == 0);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
