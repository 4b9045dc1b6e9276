using Quartz;
using Quartz.Extensibility;

namespace AiPlatform.Indexer.Worker;

/// <summary>Makes what the scheduler fires.</summary>
internal sealed class ReindexJobFactory(ReindexRunner runner) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new JobScope(new ReindexQuartzJob(runner), null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
