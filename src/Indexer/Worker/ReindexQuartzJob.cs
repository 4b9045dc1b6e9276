using Quartz;

namespace AiPlatform.Indexer.Worker;

/// <summary>What the scheduler fires: the jobs of one catalog, one at a time on all workers. A trigger of an order names its job; one of the schedule does not.</summary>
[DisallowConcurrentExecution]
internal sealed class ReindexQuartzJob(ReindexRunner runner) : IJob
{
    /// <summary>Names the job in the data of a trigger.</summary>
    public const string JobId = "job";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (context.MergedJobDataMap.TryGetValue(JobId, out var id) && id is string ordered)
        {
            await runner.RunAsync(ordered, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await runner.RunScheduledAsync(context.JobDetail.Key.Name, cancellationToken).ConfigureAwait(false);
        }
    }
}
