using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Stays with a job until it ends and tells the client: each stage once, and in between progress that only grows.</summary>
internal sealed class ReindexFollower(ReindexRun job, IToolFeedback feedback)
{
    private const double Whole = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private double _sent = -1;
    private ReindexStage _next;

    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var now = job.Look();
        await TellAsync(now, cancellationToken);
        while (!now.HasEnded && !job.IsGivenUp)
        {
            now = await job.WaitAsync(Interval, cancellationToken);
            await TellAsync(now, cancellationToken);
        }
    }

    private async Task TellAsync(ReindexJobInfo now, CancellationToken cancellationToken)
    {
        // A short stage may begin and end between two looks: it is told all the same.
        while (now.Stage >= _next)
        {
            var stage = ReindexView.Name(_next).Replace('_', ' ');
            await feedback.LogAsync(LoggingLevel.Info, $"Reindex of {now.Catalog}: {stage}", cancellationToken);
            await SendAsync(ReindexJobInfo.PercentAt(_next), stage, cancellationToken);
            _next++;
        }

        if (now.HasEnded)
        {
            await feedback.LogAsync(
                now.State == ReindexJobState.Succeeded ? LoggingLevel.Info : LoggingLevel.Warning,
                $"Reindex of {now.Catalog}: {ReindexView.Name(now.State)}{(now.Fault is { } fault ? " (" + fault.Code + ")" : "")}",
                cancellationToken);
        }

        await SendAsync(now.Percent, now.Activity, cancellationToken);
    }

    private async ValueTask SendAsync(double percent, string message, CancellationToken cancellationToken)
    {
        if (percent > _sent)
        {
            _sent = percent;
            await feedback.ProgressAsync(percent, Whole, message, cancellationToken);
        }
    }
}
