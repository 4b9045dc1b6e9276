using System.Text.Json;
using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Tasks;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Jobs as tasks of the callers that started them: a task is found by the job's id, and ends with what <c>start_reindex</c> would have answered had it waited.</summary>
internal sealed class ReindexTasks(ReindexJobs jobs, TimeProvider time) : IMcpTaskSource
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long after its end a job is kept at least; while it runs it is kept anyway.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public async ValueTask<McpTask?> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        await jobs.FindOwnAsync(caller.Scope, id, cancellationToken) is { } job ? Of(job) : null;

    public ValueTask<bool> CancelAsync(Caller caller, string id, CancellationToken cancellationToken) => jobs.CancelOwnAsync(caller.Scope, id, cancellationToken);

    /// <summary>A job asks nothing while it runs: what has to be confirmed is confirmed before it is made.</summary>
    public async ValueTask<bool> UpdateAsync(Caller caller, string id, JsonElement answers, CancellationToken cancellationToken) =>
        await jobs.FindOwnAsync(caller.Scope, id, cancellationToken) is not null;

    /// <summary>A job as a task.</summary>
    public McpTask Of(ReindexJobInfo job)
    {
        var updated = job.EndedAt ?? time.GetUtcNow();
        return new McpTask
        {
            Id = job.Id,
            Status = StatusOf(job.State),
            Message = job.Activity,
            CreatedAt = job.RequestedAt,
            UpdatedAt = updated,
            TimeToLive = updated - job.RequestedAt + Kept,
            PollInterval = PollInterval,
            Answer = StatusOf(job.State) == McpTaskStatus.Completed ? StartReindexTool.Answer(job, started: true, alreadyRunning: false, maySee: true) : null,
        };
    }

    private static McpTaskStatus StatusOf(ReindexJobState state) => state switch
    {
        ReindexJobState.Queued or ReindexJobState.Running => McpTaskStatus.Working,
        ReindexJobState.Cancelled => McpTaskStatus.Cancelled,
        _ => McpTaskStatus.Completed,
    };
}
