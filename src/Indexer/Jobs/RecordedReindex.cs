using AiPlatform.Core.Access;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Jobs;

/// <summary>A reindex of the command line, booked among the jobs: who did it, how far it is, what came of it. It can be cancelled there; nobody takes it over.</summary>
internal sealed class RecordedReindex(IReindexJobStore jobs, AccessScope system, TimeProvider time, ILogger<RecordedReindex> logger)
{
    /// <summary>What the history calls whoever uses the command line.</summary>
    public static string User => "cli:" + Environment.UserName;

    /// <summary>Runs the pipeline; throws what it throws.</summary>
    public async Task<ReindexReport> RunAsync(ReindexJob pipeline, ReindexRequest request, IProgress<ReindexProgress>? progress, CancellationToken cancellationToken)
    {
        var order = StoredJob.Order(new ReindexOrder(request.Catalog, request.DryRun, request.Force) { Mode = request.Mode, Overrides = request.Overrides }, "system:" + User);
        var owner = $"{User}-{order.Id[^8..]}";
        var job = new LocalJob(StoredJob.Read(await jobs.RecordAsync(system, order, owner, cancellationToken).ConfigureAwait(false)), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, job.Stop);
        var outcome = ReindexOutcome.Cancelled;
        try
        {
            await using (Heartbeat.Start(jobs, system, job, owner, time, logger).ConfigureAwait(false))
            {
                var report = await pipeline.RunAsync(system, request, new Told(job, progress), stop.Token).ConfigureAwait(false);
                outcome = ReindexOutcome.Of(report);
                return report;
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            outcome = ReindexOutcome.Of(failure, new CatalogSource(request.Catalog, request.SourcePath, request.Mapping.Name, request.MaxRejected, request.MaxDeleted), order.Id);
            throw;
        }
        finally
        {
            await jobs.EndAsync(
                system, order.Id, owner, new ReindexJobEnd(StoredJob.State(outcome.State), StoredJob.Progress(job.Look()), StoredJob.Outcome(outcome)), CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Tells the history and whoever watches.</summary>
    private sealed class Told(IProgress<ReindexProgress> job, IProgress<ReindexProgress>? other) : IProgress<ReindexProgress>
    {
        public void Report(ReindexProgress value)
        {
            job.Report(value);
            other?.Report(value);
        }
    }
}
