using System.Collections.Immutable;
using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Jobs;

/// <summary>
/// Runs reindexing in the background of a server: one job a catalog at a time, a bounded number at once. Every request takes the caller's scope and is judged by
/// <see cref="ReindexPermission"/>; a catalog that is not configured and one the caller has no right in are answered alike, and so are their jobs. Jobs work
/// under a system scope that is audited with the subject of the caller. Jobs live in this process: a restart forgets them. Thread-safe.
/// </summary>
/// <param name="catalogs">What may be built.</param>
/// <param name="pipeline">Builds.</param>
/// <param name="store">Keeps generations.</param>
/// <param name="issuer">Makes the scopes of jobs.</param>
/// <param name="audit">Told of refusals.</param>
/// <param name="options">Bounds.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of beginning and end.</param>
public sealed class ReindexJobs(
    ConfiguredCatalogs catalogs,
    ReindexJob pipeline,
    ICatalogStore store,
    AccessScope.Issuer issuer,
    IAccessAudit audit,
    IOptions<ReindexJobsOptions> options,
    TimeProvider time,
    ILogger<ReindexJobs> logger) : IHostedLifecycleService
{
    /// <summary>Who cancels when the server stops.</summary>
    public const string ServerStop = "server stop";

    private readonly Lock _gate = new();
    private readonly ReindexHistory _history = new(options.Value.MaxEnded);
    private readonly LinkedList<ReindexRun> _queued = new();
    private readonly Dictionary<string, ReindexRun> _active = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<string> _kept = [];
    private Task? _looking;
    private AccessScope? _reader;
    private int _running;
    private bool _stopping;

    /// <summary>
    /// Whether the caller may do an action of <see cref="ReindexPermission"/> in any of the catalogs of <see cref="CatalogsForAsync"/>. Never waits: where the
    /// store answers later, the catalogs are those of the last look.
    /// </summary>
    public bool IsOffered(AccessScope caller, string action)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = time.GetUtcNow();
        bool Allowed(string catalog) => ReindexPermission.Allows(caller, action, catalog, now);
        return catalogs.All.Any(c => Allowed(c.Catalog)) || (NeedsNoSource(action) && ReindexPermission.AllowsSomewhere(caller, action) && KeptNow().Any(Allowed));
    }

    /// <summary>
    /// The catalogs in which the caller may do an action of <see cref="ReindexPermission"/>, by name. What needs no source, reading and rolling back, goes for every
    /// catalog that exists; the rest for those configured.
    /// </summary>
    public async ValueTask<ImmutableArray<string>> CatalogsForAsync(AccessScope caller, string action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var now = time.GetUtcNow();
        var names = catalogs.All.Select(c => c.Catalog);
        if (NeedsNoSource(action) && ReindexPermission.AllowsSomewhere(caller, action))
        {
            names = names.Union(await KeptAsync(cancellationToken).ConfigureAwait(false), StringComparer.Ordinal).Order(StringComparer.Ordinal);
        }

        return [.. names.Where(c => ReindexPermission.Allows(caller, action, c, now))];
    }

    /// <summary>
    /// Starts a job, or answers the one of this catalog that has not ended; waits for the end of one that is being cancelled, so that nobody is given a dying job.
    /// Needs <see cref="ReindexPermission.Start"/>.
    /// </summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    /// <exception cref="ReindexRequestException">Too many jobs wait, the server stops, or the idempotency key was used for other options.</exception>
    public async ValueTask<ReindexStart> StartAsync(AccessScope caller, ReindexOrder order, CancellationToken cancellationToken)
    {
        while (true)
        {
            var start = Start(caller, order);
            if (!start.AlreadyRunning || start.Job.Look().CancelledBy is null)
            {
                return start;
            }

            await start.Job.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
    }

    internal ReindexStart Start(AccessScope caller, ReindexOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var source = Demand(caller, ReindexPermission.Start, order.Catalog);
        lock (_gate)
        {
            if (_history.FindOrdered(caller.Subject, order) is { } ordered)
            {
                return new ReindexStart(ordered, Started: false, AlreadyRunning: !ordered.Look().HasEnded);
            }

            var started = !_active.TryGetValue(source.Catalog, out var run);
            run ??= Add(caller, source, order);
            if (run.Look().CancelledBy is null)
            {
                _history.Remember(caller.Subject, order, run);
            }

            return new ReindexStart(run, started, AlreadyRunning: !started);
        }
    }

    /// <summary>
    /// Cancels a job on behalf of the call that started it, which needs no further right; does nothing for a call that did not. A job that is cancelled so
    /// forgets its idempotency keys: a repetition of the call starts anew.
    /// </summary>
    public Task WithdrawAsync(AccessScope caller, ReindexStart start)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(start);
        return start.Started ? CancelAsync(start.Job, caller.Subject, isWithdrawn: true) : Task.CompletedTask;
    }

    /// <summary>A job by id; null when there is none for this caller. Needs <see cref="ReindexPermission.Read"/> in its catalog.</summary>
    public ValueTask<ReindexJobInfo?> FindAsync(AccessScope caller, string jobId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Find(caller, ReindexPermission.Read, jobId)?.Look());

    /// <summary>The latest jobs of a catalog, newest first. Needs <see cref="ReindexPermission.Read"/>.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    public async ValueTask<ImmutableArray<ReindexJobInfo>> LatestAsync(AccessScope caller, string catalog, int count, CancellationToken cancellationToken)
    {
        await DemandKeptAsync(caller, ReindexPermission.Read, catalog, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            return [.. _history.Newest(catalog).Take(count).Select(r => r.Look())];
        }
    }

    /// <summary>The generations of a catalog that are kept, newest first; the first is live. Needs <see cref="ReindexPermission.Read"/>.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    public async ValueTask<IReadOnlyList<GenerationInfo>> GenerationsAsync(AccessScope caller, string catalog, CancellationToken cancellationToken)
    {
        await DemandKeptAsync(caller, ReindexPermission.Read, catalog, cancellationToken).ConfigureAwait(false);
        return await store.ListGenerationsAsync(Reader(), catalog, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks a job to stop and answers it; null when there is none for this caller. A job that has ended stays as it is. Needs <see cref="ReindexPermission.Cancel"/> in its catalog.</summary>
    public async ValueTask<ReindexRun?> CancelAsync(AccessScope caller, string jobId, CancellationToken cancellationToken)
    {
        if (Find(caller, ReindexPermission.Cancel, jobId) is not { } run)
        {
            return null;
        }

        await CancelAsync(run, caller.Subject).ConfigureAwait(false);
        return run;
    }

    /// <summary>
    /// A job of the caller's own by id; null when there is none, it is another's, or the caller may no longer start jobs in its catalog. Needs
    /// <see cref="ReindexPermission.Start"/> alone: who may start a job may follow it and give it up.
    /// </summary>
    public ValueTask<ReindexJobInfo?> FindOwnAsync(AccessScope caller, string jobId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(FindOwn(caller, jobId)?.Look());

    /// <summary>Gives up a job of the caller's own; false when there is none, as for <see cref="FindOwnAsync"/>. A job that has ended stays as it is.</summary>
    public async ValueTask<bool> CancelOwnAsync(AccessScope caller, string jobId, CancellationToken cancellationToken)
    {
        if (FindOwn(caller, jobId) is not { } run)
        {
            return false;
        }

        await CancelAsync(run, caller.Subject, isWithdrawn: true).ConfigureAwait(false);
        return true;
    }

    /// <summary>The generations of a catalog, newest first, for one who is about to start or roll back and should know what is at stake. Needs the right of that action alone.</summary>
    /// <param name="caller">Who is about to act.</param>
    /// <param name="action"><see cref="ReindexPermission.Start"/> or <see cref="ReindexPermission.Rollback"/>.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    public async ValueTask<IReadOnlyList<GenerationInfo>> AtStakeAsync(AccessScope caller, string action, string catalog, CancellationToken cancellationToken)
    {
        if (NeedsNoSource(action))
        {
            await DemandKeptAsync(caller, action, catalog, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            Demand(caller, action, catalog);
        }

        return await store.ListGenerationsAsync(Reader(), catalog, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the previous generation of a catalog live again. Needs <see cref="ReindexPermission.Rollback"/>.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog for this caller.</exception>
    /// <exception cref="ReindexRequestException">There is no previous generation, or the catalog is being built.</exception>
    public async ValueTask<GenerationInfo> RollbackAsync(AccessScope caller, string catalog, CancellationToken cancellationToken)
    {
        await DemandKeptAsync(caller, ReindexPermission.Rollback, catalog, cancellationToken).ConfigureAwait(false);
        var system = issuer.IssueSystem("reindex for " + caller.Subject, "make the previous generation of a catalog live again");
        try
        {
            var live = await store.RollbackAsync(system, catalog, cancellationToken).ConfigureAwait(false);
            Log.RolledBack(logger, catalog, live.Number, caller.Subject);
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
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var source in catalogs.All)
        {
            foreach (var path in new[] { source.SourcePath, source.MappingPath }.Where(p => SourceLocation.Parse(p).Path is { } local && !Path.Exists(local)))
            {
                Log.SourceMissing(logger, source.Catalog, path);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses new jobs, cancels all there are and waits for them to end. Before requests are given up, so that none waits for a job in vain.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        ReindexRun[] runs;
        lock (_gate)
        {
            _stopping = true;
            runs = [.. _active.Values];
        }

        await Task.WhenAll(runs.Select(r => CancelAsync(r, ServerStop))).ConfigureAwait(false);
        await Task.WhenAll(runs.Select(r => r.Ended)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The source of a catalog. Who has no right gets the same answer, and the same line in the audit, whether or not the catalog exists.</summary>
    private CatalogSource Demand(AccessScope caller, string action, string catalog)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(catalog);
        var source = catalogs.Find(catalog);
        return IsAllowed(caller, action, catalog) && source is not null ? source : throw Unknown();
    }

    /// <summary>The same for what needs no source: a catalog that exists will do.</summary>
    private async ValueTask DemandKeptAsync(AccessScope caller, string action, string catalog, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(catalog);
        if (!IsAllowed(caller, action, catalog)
            || (catalogs.Find(catalog) is null && !(await KeptAsync(cancellationToken).ConfigureAwait(false)).Contains(catalog, StringComparer.Ordinal)))
        {
            throw Unknown();
        }
    }

    private static CatalogRequestException Unknown() => new(CatalogErrors.UnknownCatalog, "catalog", "There is no such catalog.");

    private static bool NeedsNoSource(string action) => action == ReindexPermission.Read || action == ReindexPermission.Rollback;

    /// <summary>The catalogs that have a generation; none while the audit cannot be told that they are looked at.</summary>
    private async ValueTask<IReadOnlyList<string>> KeptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _kept = await store.CatalogNamesAsync(Reader(), cancellationToken).ConfigureAwait(false);
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
            Log.CatalogsUnknown(logger, failure);
        }
    }

    /// <summary>One scope for all, so that whoever polls does not fill the audit.</summary>
    private AccessScope Reader() => _reader ??= issuer.IssueSystem("reindex", "list catalogs and their generations for callers who may see them");

    private ReindexRun? Find(AccessScope caller, string action, string jobId)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(jobId);
        ReindexRun? run;
        lock (_gate)
        {
            run = _history.Find(jobId);
        }

        return IsAllowed(caller, action, run?.Source.Catalog ?? "") ? run : null;
    }

    private ReindexRun? FindOwn(AccessScope caller, string jobId) =>
        Find(caller, ReindexPermission.Start, jobId) is { } run && string.Equals(run.Look().RequestedBy, caller.Subject, StringComparison.Ordinal) ? run : null;

    private bool IsAllowed(AccessScope caller, string action, string catalog)
    {
        if (ReindexPermission.Allows(caller, action, catalog, time.GetUtcNow()))
        {
            return true;
        }

        audit.Denied(caller.Subject, ReindexPermission.Resource, action);
        return false;
    }

    /// <summary>A new job; called under the lock.</summary>
    private ReindexRun Add(AccessScope caller, CatalogSource source, ReindexOrder order)
    {
        if (_stopping)
        {
            throw new ReindexRequestException("server_stopping", "The server is stopping. Start the job when it is back.", retryable: true);
        }

        if (_running >= options.Value.MaxRunning && _queued.Count >= options.Value.MaxQueued)
        {
            throw new ReindexRequestException("too_many_jobs", $"{_running} jobs run and {_queued.Count} wait. Start this one when some have ended.", retryable: true);
        }

        var run = new ReindexRun("job_" + RandomNumberGenerator.GetHexString(32, lowercase: true), source, order, caller.Subject, time);
        _history.Add(run);
        _active.Add(source.Catalog, run);
        _queued.AddLast(run);
        Dispatch();
        return run;
    }

    /// <summary>Runs what waits while there is room; called under the lock.</summary>
    private void Dispatch()
    {
        while (_running < options.Value.MaxRunning && _queued.First is { Value: var run })
        {
            _queued.RemoveFirst();
            _running++;
            run.Begin();
            _ = Task.Run(() => RunAsync(run));
        }
    }

    private async Task RunAsync(ReindexRun run)
    {
        var job = run.Look();
        Log.JobStarted(logger, job.Id, job.Catalog, job.RequestedBy, job.DryRun);
        var outcome = await ExecuteAsync(run, job).ConfigureAwait(false);
        lock (_gate)
        {
            _running--;
            Retire(run, outcome);
            Dispatch();
        }

        Announce(run);
    }

    /// <summary>The boundary of a job: whatever happens becomes its outcome.</summary>
    private async Task<ReindexOutcome> ExecuteAsync(ReindexRun run, ReindexJobInfo job)
    {
        var source = run.Source;
        try
        {
            var system = issuer.IssueSystem("reindex for " + job.RequestedBy, "build a catalog that a caller asked to reindex");
            var request = new ReindexRequest
            {
                SourcePath = source.SourcePath,
                Mapping = await MappingReader.ReadAsync(source.MappingPath, run.Cancelled).ConfigureAwait(false),
                Catalog = source.Catalog,
                DataDirectory = options.Value.DataDirectory,
                DryRun = job.DryRun,
                Force = job.Force,
                MaxRejected = source.MaxRejected,
                MaxDeleted = source.MaxDeleted,
            };
            return ReindexOutcome.Of(await pipeline.RunAsync(system, request, run, run.Cancelled).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (run.Cancelled.IsCancellationRequested)
        {
            return ReindexOutcome.Cancelled;
        }
        catch (Exception failure)
        {
            var outcome = ReindexOutcome.Of(failure, source, job.Id);
            if (outcome.Fault is { Code: "internal_error" })
            {
                Log.JobBroke(logger, failure, job.Id, job.Catalog);
            }
            else
            {
                Log.JobFailed(logger, job.Id, job.Catalog, outcome.Fault!.Code, failure.Message);
            }

            return outcome;
        }
    }

    private Task CancelAsync(ReindexRun run, string by, bool isWithdrawn = false)
    {
        lock (_gate)
        {
            if (!_queued.Remove(run))
            {
                return run.CancelAsync(by, isWithdrawn);
            }

            _ = run.CancelAsync(by, isWithdrawn);
            Retire(run, ReindexOutcome.Cancelled);
        }

        Announce(run);
        return Task.CompletedTask;
    }

    /// <summary>Books the end of a job; called under the lock, so that nobody finds it both ended and running.</summary>
    private void Retire(ReindexRun run, ReindexOutcome outcome)
    {
        run.End(outcome);
        _active.Remove(run.Source.Catalog);
        if (run.IsWithdrawn && outcome.State == ReindexJobState.Cancelled)
        {
            _history.ForgetKeys(run);
        }

        _history.Ended(run);
    }

    private void Announce(ReindexRun run)
    {
        var job = run.Look();
        Log.JobEnded(logger, job.Id, job.Catalog, job.State, job.Fault?.Code ?? "");
        run.Announce();
    }
}
