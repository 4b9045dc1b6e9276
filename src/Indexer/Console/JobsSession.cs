using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Storage.Jobs;

namespace AiPlatform.Indexer.Console;

/// <summary>What the commands on jobs do, on behalf of whoever uses the command line: that user may do everything, and the audit says who it was.</summary>
internal sealed class JobsSession(ReindexJobs jobs, IReindexJobStore store, ConfiguredCatalogs catalogs, AccessScope.Issuer issuer, TimeProvider time)
{
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(3);

    private readonly AccessScope _user = issuer.IssueSystem(RecordedReindex.User, "look at jobs, order and cancel them on the command line");

    /// <summary>Whether a job that was waited for did not succeed.</summary>
    public bool HasFailed { get; private set; }

    public async ValueTask<ImmutableArray<ReindexJobInfo>> LatestAsync(string? catalog, int count, CancellationToken cancellationToken) =>
        [.. (await store.LatestAsync(_user, catalog, count, cancellationToken).ConfigureAwait(false)).Select(StoredJob.Read)];

    /// <exception cref="CatalogRequestException">There is no such job.</exception>
    public async ValueTask<ReindexJobInfo> FindAsync(string id, CancellationToken cancellationToken) =>
        await jobs.FindAsync(_user, id, cancellationToken).ConfigureAwait(false) ?? throw Unknown(id);

    /// <exception cref="CatalogRequestException">There is no such job.</exception>
    public async ValueTask<ReindexJobInfo> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var run = await jobs.CancelAsync(_user, id, cancellationToken).ConfigureAwait(false) ?? throw Unknown(id);
        return await run.WaitAsync(CancelPatience, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="CatalogRequestException">The catalog is not configured.</exception>
    /// <exception cref="ReindexRequestException">The order is refused, or the wait was interrupted (<c>wait_interrupted</c>): the order stands.</exception>
    public async ValueTask<ReindexJobInfo> StartAsync(ReindexOrder order, bool wait, CancellationToken cancellationToken)
    {
        if (catalogs.Find(order.Catalog) is null)
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", $"The catalog '{order.Catalog}' is not configured here. Configured: {string.Join(", ", catalogs.All.Select(c => c.Catalog).DefaultIfEmpty("none"))}.");
        }

        var start = await jobs.StartAsync(_user, order, cancellationToken).ConfigureAwait(false);
        if (!wait)
        {
            return start.Job.Look();
        }

        try
        {
            var ended = await start.Job.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            HasFailed = ended.State != ReindexJobState.Succeeded;
            return ended;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            var id = start.Job.Id;
            throw new ReindexRequestException("wait_interrupted", $"No longer waiting. The job {id} goes on: 'jobs show {id}' tells how it is, 'jobs cancel {id}' stops it.", retryable: false);
        }
    }

    /// <summary>The schedules as they are configured here, and when each is next.</summary>
    public ImmutableArray<(string Catalog, string Cron, string TimeZone, MisfirePolicy Misfire, DateTimeOffset? Next)> Schedules() =>
        [.. from source in catalogs.All where source.Schedule is not null
            let schedule = source.Schedule
            select (source.Catalog, schedule.Cron, schedule.TimeZone.Id, schedule.Misfire, schedule.Next(time.GetUtcNow()))];

    private static CatalogRequestException Unknown(string id) => new("unknown_job", "job_id", $"There is no job '{id}'. The latest are told by: jobs list.");
}
