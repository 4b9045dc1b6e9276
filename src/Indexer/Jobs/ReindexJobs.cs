using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Jobs;

/// <summary>
/// Takes orders of reindexing and tells of them: one job a catalog at a time, a bounded number in all. Every request takes the caller's scope and is judged by
/// <see cref="ReindexPermission"/>; a catalog that is not configured and one the caller has no right in are answered alike, and so are their jobs. Jobs live in
/// the database of the platform's state and are done by whichever worker takes them; every server knows all of them. Thread-safe.
/// </summary>
public sealed class ReindexJobs : IHostedLifecycleService
{
    /// <summary>Who asks for the jobs of a schedule.</summary>
    public const string Schedule = "schedule";

    /// <summary>How soon a wait sees what happened on another machine.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly ConfiguredCatalogs _catalogs;
    private readonly IReindexJobStore _jobs;
    private readonly LocalJobs _local;
    private readonly ICatalogStore _store;
    private readonly AccessScope.Issuer _issuer;
    private readonly IAccessAudit _audit;
    private readonly IOptions<ReindexJobsOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ReindexJobs> _logger;
    private volatile IReadOnlyList<string> _kept = [];
    private Task? _looking;
    private AccessScope? _reader;

    /// <summary>Over the jobs of all servers and those that run in this process.</summary>
    internal ReindexJobs(
        ConfiguredCatalogs catalogs,
        IReindexJobStore jobs,
        LocalJobs local,
        ICatalogStore store,
        AccessScope.Issuer issuer,
        IAccessAudit audit,
        IOptions<ReindexJobsOptions> options,
        TimeProvider time,
        ILogger<ReindexJobs> logger)
    {
        _catalogs = catalogs;
        _jobs = jobs;
        _local = local;
        _store = store;
        _issuer = issuer;
        _audit = audit;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether this server takes no more orders and waits for none.</summary>
    internal bool IsStopping { get; private set; }

    /// <summary>
    /// Whether the caller may do an action of <see cref="ReindexPermission"/> in any of the catalogs of <see cref="CatalogsForAsync"/>. Never waits: where the
    /// store answers later, the catalogs are those of the last look.
    /// </summary>
    public bool IsOffered(AccessScope caller, string action)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = _time.GetUtcNow();
        bool Allowed(string catalog) => ReindexPermission.Allows(caller, action, catalog, now);
        return _catalogs.All.Any(c => Allowed(c.Catalog)) || (NeedsNoSource(action) && ReindexPermission.AllowsSomewhere(caller, action) && KeptNow().Any(Allowed));
    }

    /// <summary>
    /// The catalogs in which the caller may do an action of <see cref="ReindexPermission"/>, by name. What needs no source, reading and rolling back, goes for every
    /// catalog that exists; the rest for those configured. While the search engine is away, those of the last look stand for those that exist.
    /// </summary>
    public async ValueTask<ImmutableArray<string>> CatalogsForAsync(AccessScope caller, string action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = _time.GetUtcNow();
        var names = _catalogs.All.Select(c => c.Catalog);
        if (NeedsNoSource(action) && ReindexPermission.AllowsSomewhere(caller, action))
        {
            names = names.Union(await KeptOrKnownAsync(cancellationToken).ConfigureAwait(false), StringComparer.Ordinal).Order(StringComparer.Ordinal);
        }

        return [.. names.Where(c => ReindexPermission.Allows(caller, action, c, now))];
    }

    /// <summary>
    /// Orders a job, which waits behind those of its catalog; or answers one of equal options that waits, or that runs and is not of <see cref="ReindexMode.Incremental"/>. Where the key names one that is
    /// being cancelled, its end is waited for, so that nobody is given a dying job. Needs <see cref="ReindexPermission.Start"/>.
    /// </summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    /// <exception cref="ReindexRequestException">Too many jobs wait, the server stops, or the idempotency key was used for other options.</exception>
    public async ValueTask<ReindexStart> StartAsync(AccessScope caller, ReindexOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        Demand(caller, ReindexPermission.Start, order.Catalog);
        while (true)
        {
            if (IsStopping)
            {
                throw new ReindexRequestException("server_stopping", "The server is stopping. Start the job when it is back.", retryable: true);
            }

            var start = await OrderAsync(caller, order, cancellationToken).ConfigureAwait(false);
            if (!start.AlreadyRunning || start.Job.Look().CancelledBy is null)
            {
                return start;
            }

            await start.Job.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Cancels a job on behalf of the call that started it, which needs no further right; does nothing for a call that did not. A job that is cancelled so
    /// forgets its idempotency keys: a repetition of the call starts anew.
    /// </summary>
    public async Task WithdrawAsync(AccessScope caller, ReindexStart start)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(start);
        if (start.Started)
        {
            await CancelAsync(start.Job.Id, caller.Subject, withdrawn: true).ConfigureAwait(false);
        }
    }

    /// <summary>A job that runs in this process, as it is now; null when it runs elsewhere or not.</summary>
    internal ReindexJobInfo? LookHere(string jobId) => _local.Find(jobId)?.Look();

    /// <summary>Waits for the end of a job, at most as long as told; not at all while this server stops.</summary>
    internal async ValueTask<ReindexJobInfo> WaitAsync(ReindexJobInfo last, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        while (true)
        {
            var change = _local.Bell.Next;
            last = LookHere(last.Id) ?? await ReadAsync(last, cancellationToken).ConfigureAwait(false);
            var left = patience == Timeout.InfiniteTimeSpan ? Look : patience - _time.GetElapsedTime(begun);
            if (last.HasEnded || left <= TimeSpan.Zero || IsStopping)
            {
                return last;
            }

            await change.WaitAsync(left < Look ? left : Look, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A job by id; null when there is none for this caller. Needs <see cref="ReindexPermission.Read"/> in its catalog.</summary>
    public async ValueTask<ReindexJobInfo?> FindAsync(AccessScope caller, string jobId, CancellationToken cancellationToken) =>
        await FindAsync(caller, ReindexPermission.Read, jobId, cancellationToken).ConfigureAwait(false) is { } job ? LookHere(jobId) ?? job : null;

    /// <summary>The latest jobs of a catalog, newest first. Needs <see cref="ReindexPermission.Read"/>.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    public async ValueTask<ImmutableArray<ReindexJobInfo>> LatestAsync(AccessScope caller, string catalog, int count, CancellationToken cancellationToken)
    {
        await DemandKeptAsync(caller, ReindexPermission.Read, catalog, cancellationToken).ConfigureAwait(false);
        var latest = await _jobs.LatestAsync(Reader(), catalog, count, cancellationToken).ConfigureAwait(false);
        return [.. latest.Select(r => LookHere(r.Id) ?? StoredJob.Read(r))];
    }

    /// <summary>The generations of a catalog that are kept, newest first; the first is live. Needs <see cref="ReindexPermission.Read"/>.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    public async ValueTask<IReadOnlyList<GenerationInfo>> GenerationsAsync(AccessScope caller, string catalog, CancellationToken cancellationToken)
    {
        await DemandKeptAsync(caller, ReindexPermission.Read, catalog, cancellationToken).ConfigureAwait(false);
        return await _store.ListGenerationsAsync(Reader(), catalog, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="GenerationsAsync"/>, for who wants them beside the jobs; null while the search engine is away.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    public async ValueTask<IReadOnlyList<GenerationInfo>?> FindGenerationsAsync(AccessScope caller, string catalog, CancellationToken cancellationToken)
    {
        try
        {
            return await GenerationsAsync(caller, catalog, cancellationToken).ConfigureAwait(false);
        }
        catch (CatalogEngineException away)
        {
            Log.GenerationsUnknown(_logger, catalog, away.Code, away.Message);
            return null;
        }
    }

    /// <summary>Asks a job to stop and answers it; null when there is none for this caller. A job that has ended stays as it is. Needs <see cref="ReindexPermission.Cancel"/> in its catalog.</summary>
    public async ValueTask<ReindexRun?> CancelAsync(AccessScope caller, string jobId, CancellationToken cancellationToken)
    {
        if (await FindAsync(caller, ReindexPermission.Cancel, jobId, cancellationToken).ConfigureAwait(false) is not { } job)
        {
            return null;
        }

        return new ReindexRun(await CancelAsync(jobId, caller.Subject, withdrawn: false).ConfigureAwait(false) ?? job, this);
    }

    /// <summary>
    /// A job of the caller's own by id; null when there is none, it is another's, or the caller may no longer start jobs in its catalog. Needs
    /// <see cref="ReindexPermission.Start"/> alone: who may start a job may follow it and give it up.
    /// </summary>
    public async ValueTask<ReindexJobInfo?> FindOwnAsync(AccessScope caller, string jobId, CancellationToken cancellationToken) =>
        await FindAsync(caller, ReindexPermission.Start, jobId, cancellationToken).ConfigureAwait(false) is { } job && string.Equals(job.RequestedBy, caller.Subject, StringComparison.Ordinal)
            ? LookHere(jobId) ?? job
            : null;

    /// <summary>Gives up a job of the caller's own; false when there is none, as for <see cref="FindOwnAsync"/>. A job that has ended stays as it is.</summary>
    public async ValueTask<bool> CancelOwnAsync(AccessScope caller, string jobId, CancellationToken cancellationToken)
    {
        if (await FindOwnAsync(caller, jobId, cancellationToken).ConfigureAwait(false) is null)
        {
            return false;
        }

        await CancelAsync(jobId, caller.Subject, withdrawn: true).ConfigureAwait(false);
        return true;
    }

    /// <summary>What one who is about to start or roll back should know of. Needs the right of that action alone; whether the figures may be told is part of the answer.</summary>
    /// <param name="caller">Who is about to act.</param>
    /// <param name="action"><see cref="ReindexPermission.Start"/> or <see cref="ReindexPermission.Rollback"/>.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    public async ValueTask<ReindexStake> AtStakeAsync(AccessScope caller, string action, string catalog, CancellationToken cancellationToken)
    {
        if (NeedsNoSource(action))
        {
            await DemandKeptAsync(caller, action, catalog, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            Demand(caller, action, catalog);
        }

        var generations = await _store.ListGenerationsAsync(Reader(), catalog, cancellationToken).ConfigureAwait(false);
        return new ReindexStake(generations, ReindexPermission.Allows(caller, ReindexPermission.Read, catalog, _time.GetUtcNow()));
    }

    /// <summary>Makes the previous generation of a catalog live again. Needs <see cref="ReindexPermission.Rollback"/>.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    /// <exception cref="ReindexRequestException">There is no previous generation, or the catalog is being built.</exception>
    public async ValueTask<GenerationInfo> RollbackAsync(AccessScope caller, string catalog, CancellationToken cancellationToken)
    {
        await DemandKeptAsync(caller, ReindexPermission.Rollback, catalog, cancellationToken).ConfigureAwait(false);
        var system = _issuer.IssueSystem("reindex for " + caller.Subject, "make the previous generation of a catalog live again");
        try
        {
            var live = await _store.RollbackAsync(system, catalog, cancellationToken).ConfigureAwait(false);
            Log.RolledBack(_logger, catalog, live.Number, caller.Subject);
            return live;
        }
        catch (CatalogRequestException)
        {
            throw new ReindexRequestException("no_previous_generation", "The catalog has no previous generation to go back to.", retryable: false);
        }
        catch (CatalogBusyException)
        {
            throw new ReindexRequestException("catalog_busy", "The catalog is being built. Wait for the job to end or cancel it, then roll back.", retryable: true);
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes no more orders and ends every wait. Before requests are given up, so that none waits for a job in vain.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsStopping = true;
        _local.Bell.Ring();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Demands a right in a configured catalog. Who has no right gets the same answer, and the same line in the audit, whether or not the catalog exists.</summary>
    private void Demand(AccessScope caller, string action, string catalog)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(catalog);
        if (!IsAllowed(caller, action, catalog) || _catalogs.Find(catalog) is null)
        {
            throw Unknown();
        }
    }

    /// <summary>The same for what needs no source: a catalog that exists will do.</summary>
    private async ValueTask DemandKeptAsync(AccessScope caller, string action, string catalog, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(catalog);
        if (!IsAllowed(caller, action, catalog)
            || (_catalogs.Find(catalog) is null && !await IsKeptAsync(catalog, cancellationToken).ConfigureAwait(false)))
        {
            throw Unknown();
        }
    }

    /// <summary>Whether a catalog exists; one of the last look does while the engine is away, and of any other nobody can tell.</summary>
    private async ValueTask<bool> IsKeptAsync(string catalog, CancellationToken cancellationToken)
    {
        try
        {
            return (await KeptAsync(cancellationToken).ConfigureAwait(false)).Contains(catalog, StringComparer.Ordinal);
        }
        catch (CatalogEngineException) when (_kept.Contains(catalog, StringComparer.Ordinal))
        {
            return true;
        }
    }

    private async ValueTask<IReadOnlyList<string>> KeptOrKnownAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await KeptAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CatalogEngineException away)
        {
            Log.CatalogsUnknown(_logger, away);
            return _kept;
        }
    }

    private static CatalogRequestException Unknown() => new(CatalogErrors.UnknownCatalog, "catalog", "There is no such catalog.");

    private static bool NeedsNoSource(string action) => action == ReindexPermission.Read || action == ReindexPermission.Rollback;

    /// <summary>The catalogs that have a generation; none while the audit cannot be told that they are looked at.</summary>
    private async ValueTask<IReadOnlyList<string>> KeptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _kept = await _store.CatalogNamesAsync(Reader(), cancellationToken).ConfigureAwait(false);
        }
        catch (AccessRefusedException)
        {
            return _kept = [];
        }
    }

    /// <summary>The same without waiting: a look that takes longer is left to itself, and its answer serves the next.</summary>
    private IReadOnlyList<string> KeptNow()
    {
        if (_looking is not { IsCompleted: false })
        {
            _looking = LookAsync();
        }

        return _kept;
    }

    /// <summary>The boundary of a look nobody waits for: while the index does not answer, the names of the last look go on.</summary>
    private async Task LookAsync()
    {
        try
        {
            await KeptAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Log.CatalogsUnknown(_logger, failure);
        }
    }

    /// <summary>One scope for all, so that whoever polls does not fill the audit.</summary>
    private AccessScope Reader() => _reader ??= _issuer.IssueSystem("reindex", "read jobs, catalogs and generations for callers who may see them");

    private async ValueTask<ReindexJobInfo?> FindAsync(AccessScope caller, string action, string jobId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(jobId);
        var job = await _jobs.FindAsync(Reader(), jobId, cancellationToken).ConfigureAwait(false);
        return IsAllowed(caller, action, job?.Catalog ?? "") && job is not null ? StoredJob.Read(job) : null;
    }

    private bool IsAllowed(AccessScope caller, string action, string catalog)
    {
        if (ReindexPermission.Allows(caller, action, catalog, _time.GetUtcNow()))
        {
            return true;
        }

        _audit.Denied(caller.Subject, ReindexPermission.Resource, action);
        return false;
    }

    /// <summary>The job as it is stored. One that is forgotten had ended, nobody knows how.</summary>
    private async ValueTask<ReindexJobInfo> ReadAsync(ReindexJobInfo last, CancellationToken cancellationToken) =>
        await _jobs.FindAsync(Reader(), last.Id, cancellationToken).ConfigureAwait(false) is { } job
            ? StoredJob.Read(job)
            : last with { State = ReindexJobState.Failed, Fault = new ReindexFault("job_forgotten", "The job has ended and is forgotten. Look at the generations to see what came of it.") };

    private async ValueTask<ReindexStart> OrderAsync(AccessScope caller, ReindexOrder order, CancellationToken cancellationToken)
    {
        var answer = await _jobs.OrderAsync(Reader(), StoredJob.Order(order, caller.Subject, _options.Value), cancellationToken).ConfigureAwait(false);
        switch (answer.Outcome)
        {
            case ReindexOrderOutcome.KeyConflict:
                throw new ReindexRequestException("idempotency_conflict", "The idempotency key was used with other options. Use a new key for another order.", retryable: false);
            case ReindexOrderOutcome.TooMany:
                throw new ReindexRequestException("too_many_jobs", $"{answer.Running} jobs run and {answer.Waiting} wait. Start this one when some have ended.", retryable: true);
            case ReindexOrderOutcome.Started:
                _local.Bell.Ring();
                break;
        }

        var started = answer.Outcome == ReindexOrderOutcome.Started;
        return new ReindexStart(new ReindexRun(StoredJob.Read(answer.Job!), this), started, AlreadyRunning: !started && !answer.Job!.HasEnded);
    }

    private async ValueTask<ReindexJobInfo?> CancelAsync(string jobId, string by, bool withdrawn)
    {
        // Once asked for it is done, whatever becomes of the call.
        var job = await _jobs.CancelAsync(Reader(), jobId, by, withdrawn, CancellationToken.None).ConfigureAwait(false);
        if (job is { HasEnded: false, CancelledBy: { } first } && _local.Find(jobId) is { } here)
        {
            await here.CancelAsync(first).ConfigureAwait(false);
        }

        _local.Bell.Ring();
        return job is null ? null : StoredJob.Read(job);
    }
}
