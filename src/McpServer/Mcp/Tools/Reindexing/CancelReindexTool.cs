using System.Text;
using AiPlatform.Indexer.Jobs;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Stops a job before its swap.</summary>
internal sealed class CancelReindexTool(ReindexJobs jobs) : ReindexToolBase(jobs, ReindexPermission.Cancel)
{
    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["job_id"], "properties": {
          {{{{JobIdSchema}}}} }}
        """;

    private const string Properties = $$$$"""
        "job": {{{{ReindexView.Schema}}}}
        """;

    /// <summary>How long the answer waits for the job to end, so that it nearly always tells the end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public override Tool Definition { get; } = ToolDefinition.Create(
        "cancel_reindex",
        "Cancel a reindex",
        "Stops a reindex job that has not ended; the live generation stays as it was. A job that is past its swap has succeeded and stays so: use rollback_index to go back.",
        "M12 3a9 9 0 1 0 .1 0M9 9l6 6M15 9l-6 6",
        InputSchema,
        ToolSchema.Answer(["job"], Properties),
        new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = true });

    protected override async ValueTask<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (await Jobs.CancelAsync(call.Caller.Scope, call.Arguments.RequiredText(JobId, 64), cancellationToken) is not { } job)
        {
            return UnknownJob();
        }

        var last = await job.WaitAsync(Patience, cancellationToken);
        var text = new StringBuilder(512);
        var json = ToolJson.Write((last, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WritePropertyName("job");
            ReindexView.Write(json, a.text, a.last);
            json.WriteEndObject();
        });
        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
