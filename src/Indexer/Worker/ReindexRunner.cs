using AiPlatform.Core.Access;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Worker;

/// <summary>Does one job: makes it its own, runs the pipeline under a scope that is audited with the subject of who asked, and books what came of it. Thread-safe.</summary>
internal sealed class ReindexRunner(
    ConfiguredCatalogs catalogs,
    ReindexJob pipeline,
    IReindexJobStore jobs,
    LocalJobs local,
    AccessScope.Issuer issuer,
    IOptions<ReindexJobsOptions> options,
    IOptions<WorkerOptions> worker,
    TimeProvider time,
    ILogger<ReindexRunner> logger)
{
    private AccessScope? _system;

    /// <summary>What the jobs of this process are owned by.</summary>
    public string Owner { get; } = $"{worker.Value.Name}-{JobIds.New()[^8..]}";

    /// <summary>The scope that jobs are kept under; one for all, so that it does not fill the audit.</summary>
    public AccessScope System => _system ??= issuer.IssueSystem("worker", "take, keep and end the jobs of all callers");

    /// <summary>Does what a schedule asks for: a job of its own, or an equal one that waits already. Where others wait longer, it is done after them.</summary>
    public async Task RunScheduledAsync(string catalog, CancellationToken stopping)
    {
        if ((await jobs.OrderAsync(System, StoredJob.Order(new ReindexOrder(catalog), ReindexJobs.Schedule), stopping).ConfigureAwait(false)).Job is { } job)
        {
            await RunAsync(job.Id, stopping).ConfigureAwait(false);
        }
    }

    /// <summary>Does a job, unless another worker does, or nobody wants it any more.</summary>
    /// <param name="id">The job.</param>
    /// <param name="stopping">Puts the job down, to be gone on with.</param>
    /// <exception cref="OperationCanceledException">It was put down.</exception>
    public async Task RunAsync(string id, CancellationToken stopping)
    {
        if (await jobs.FindAsync(System, id, stopping).ConfigureAwait(false) is not { } wanted)
        {
            return;
        }

        if (catalogs.Find(wanted.Catalog) is not { } source)
        {
            Log.CatalogNotHere(logger, id, wanted.Catalog);
            return;
        }

        if (await jobs.ClaimAsync(System, id, Owner, Heartbeat.Lease, stopping).ConfigureAwait(false) is { } claimed)
        {
            await WorkAsync(claimed, source, stopping).ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(ReindexJobRecord claimed, CatalogSource source, CancellationToken stopping)
    {
        var job = new LocalJob(StoredJob.Read(claimed with { Progress = null }), time);
        ReindexOutcome? outcome;
        local.Add(job);
        try
        {
            Log.JobStarted(logger, job.Id, claimed.Catalog, claimed.RequestedBy, StoredJob.Order(claimed).DryRun);
            if (claimed.Attempts > 1)
            {
                Log.JobTakenOver(logger, job.Id, claimed.Attempts);
            }

            await using (Heartbeat.Start(jobs, System, job, Owner, time, logger).ConfigureAwait(false))
            {
                outcome = await ExecuteAsync(job, claimed, source, stopping).ConfigureAwait(false);
            }

            await CloseAsync(job, outcome).ConfigureAwait(false);
        }
        finally
        {
            local.Remove(job);
        }

        if (outcome is null)
        {
            // Tells the scheduler, which fires it again here or elsewhere.
            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The boundary of a job: whatever happens becomes its outcome; null when it was put down or is another worker's.</summary>
    private async Task<ReindexOutcome?> ExecuteAsync(LocalJob job, ReindexJobRecord claimed, CatalogSource source, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(job.Stop, stopping);
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(job.Stop, late.Token);
        using var putDown = stopping.Register(() => late.CancelAfter(WorkerTimes.Grace));
        try
        {
            var system = issuer.IssueSystem("reindex for " + claimed.RequestedBy, "build a catalog that a caller asked to reindex");
            var order = StoredJob.Order(claimed);
            var request = new ReindexRequest
            {
                SourcePath = source.SourcePath,
                Mapping = await MappingReader.ReadAsync(source.MappingPath, stop.Token).ConfigureAwait(false),
                Catalog = source.Catalog,
                DataDirectory = options.Value.DataDirectory,
                DryRun = order.DryRun,
                Force = order.Force,
                MaxRejected = source.MaxRejected,
                MaxDeleted = source.MaxDeleted,
                Gates = source.Gates,
                Mode = order.Mode,
                Overrides = order.Overrides,
                Grace = grace.Token,
            };
            return ReindexOutcome.Of(await pipeline.RunAsync(system, request, job, stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (job.Stop.IsCancellationRequested || stopping.IsCancellationRequested)
        {
            if (late.IsCancellationRequested)
            {
                Log.JobPutDownLate(logger, job.Id, WorkerTimes.Grace.TotalSeconds);
            }

            return job is { IsCancelled: true, IsLost: false } ? ReindexOutcome.Cancelled : null;
        }
        catch (Exception failure)
        {
            var outcome = ReindexOutcome.Of(failure, source, job.Id);
            if (outcome.Fault is { Code: "internal_error" })
            {
                Log.JobBroke(logger, failure, job.Id, source.Catalog);
            }
            else
            {
                Log.JobFailed(logger, job.Id, source.Catalog, outcome.Fault!.Code, failure.Message);
            }

            return outcome;
        }
    }

    /// <summary>Books the end, or gives back what was put down. Not under a token: a job whose end is not written is done again.</summary>
    private async Task CloseAsync(LocalJob job, ReindexOutcome? outcome)
    {
        try
        {
            if (outcome is not null)
            {
                var end = new ReindexJobEnd(StoredJob.State(outcome.State), StoredJob.Progress(job.Look()), StoredJob.Outcome(outcome));
                if (await jobs.EndAsync(System, job.Id, Owner, end, CancellationToken.None).ConfigureAwait(false))
                {
                    Log.JobEnded(logger, job.Id, job.Look().Catalog, outcome.State, outcome.Fault?.Code ?? "");
                    await jobs.TrimAsync(System, options.Value.MaxEnded, CancellationToken.None).ConfigureAwait(false);
                }
            }
            else if (!job.IsLost && await jobs.ReleaseAsync(System, job.Id, Owner, CancellationToken.None).ConfigureAwait(false))
            {
                Log.JobPutDown(logger, job.Id);
            }
        }
        catch (Exception failure)
        {
            // The database is away. The job stays with this owner until its lease is over; then it is done again, and finds nothing left to do.
            Log.JobEndNotWritten(logger, failure, job.Id, outcome?.State ?? ReindexJobState.Queued);
        }
    }
}
