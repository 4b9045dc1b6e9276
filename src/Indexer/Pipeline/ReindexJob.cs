using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Sources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Brings a source into a catalog: read, map, validate, compare, embed what changed, build, pass the gates, swap. Whatever goes wrong before the swap,
/// cancellation included, leaves the live generation as it was, and a further run of the same source goes on where this one stopped. Changes for a catalog that is being
/// built wait in a journal for that build. Thread-safe; one run a catalog at a time (the store sees to it).
/// </summary>
/// <param name="store">Where catalogs are written.</param>
/// <param name="embedders">Makes vectors; null for catalogs without.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of beginning, end and refusal.</param>
/// <param name="sources">Opens sources; null for files and folders of this machine only.</param>
/// <param name="gates">What stands before a swap; null for gates without policy, live generation and overrides.</param>
/// <param name="journal">Where changes wait: the engine's own; null for a file in the data folder, which suits engines of this machine only.</param>
public sealed class ReindexJob(
    ICatalogStore store,
    IEmbedderProvider? embedders,
    TimeProvider time,
    ILogger<ReindexJob> logger,
    ISourceOpener? sources = null,
    ReindexGates? gates = null,
    IChangeJournal? journal = null)
{
    private const int MaxDrains = 20;
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1);

    private readonly ReindexGates _gates = gates ?? new ReindexGates(null, null, null, time, NullLogger<ReindexGates>.Instance);

    /// <summary>Runs one reindex.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told of progress from the working thread; null for nobody.</param>
    /// <param name="cancellationToken">Cancels; the live generation stays.</param>
    /// <exception cref="ReindexException">Refused; nothing was swapped.</exception>
    /// <exception cref="SourceException">The source cannot be read to its end.</exception>
    /// <exception cref="CatalogBusyException">Another build of the catalog is running, and the rows are not changes that could wait for it.</exception>
    public async Task<ReindexReport> RunAsync(AccessScope system, ReindexRequest request, IProgress<ReindexProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(request);
        if (!CatalogName.IsValid(request.Catalog))
        {
            throw new ReindexException("invalid_catalog_name", $"'{request.Catalog}' is no catalog name: {CatalogName.Rule}.");
        }

        ReindexGates.CheckOverrides(request.Overrides);
        var started = time.GetTimestamp();
        Log.Started(logger, request.Catalog, SourceLocation.Parse(request.SourcePath).Display, request.DryRun);
        await store.WaitUntilReadyAsync(system, request.Catalog, _ => progress?.Report(new ReindexProgress(ReindexStage.Reading, 0, null, 0, 0) { IsWaiting = true }), cancellationToken).ConfigureAwait(false);
        var memory = SourceMemory.Of(request, embedders);
        var live = memory is null ? null : await LiveAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false);
        await using var source = await OpenAsync(request, live is null ? null : memory!.Known(live), cancellationToken).ConfigureAwait(false);
        if (source is null)
        {
            var same = ReindexReport.Same(request.Catalog, live!, time.GetElapsedTime(started));
            Log.Finished(logger, request.Catalog, live!.Number, same.Accepted, 0, same.Duration.TotalSeconds);
            await ApplyWaitingAsync(system, request, cancellationToken).ConfigureAwait(false);
            return same;
        }

        using var deadLetters = new DeadLetterFile(request.DryRun ? null : Path.Combine(request.DataDirectory, "dead-letters"), request.Catalog, time);
        using var spool = new ProductSpool(request.DryRun ? Path.GetTempPath() : Path.Combine(request.DataDirectory, "spool"));
        var intake = new RowIntake(source, new ProductMapper(request.Mapping), spool, deadLetters);
        try
        {
            var report = await RunAsync(system, request, source.Name, intake, spool, progress, cancellationToken).ConfigureAwait(false);
            report = report with { Duration = time.GetElapsedTime(started), DeadLetterPath = deadLetters.Path };
            Log.Finished(logger, request.Catalog, report.Generation?.Number ?? 0, report.Accepted, report.Rejected, report.Duration.TotalSeconds);
            if (report.Generation is { } made)
            {
                Remember(memory, request.Catalog, source.Fingerprint, made);
            }

            if (report.Waiting > 0)
            {
                return await OutliveAsync(system, request, report, cancellationToken).ConfigureAwait(false) with { Duration = time.GetElapsedTime(started) };
            }

            if (!request.DryRun)
            {
                await ApplyWaitingAsync(system, request, cancellationToken).ConfigureAwait(false);
            }

            return report;
        }
        catch (ReindexException e)
        {
            Log.Refused(logger, request.Catalog, e.Code, e.Message);
            throw e.With(deadLetters.Path, intake.Tally.ToSummaries());
        }
    }

    /// <summary>The source; null when it still has the fingerprint that is known.</summary>
    private async ValueTask<ISourceReader?> OpenAsync(ReindexRequest request, string? known, CancellationToken cancellationToken) =>
        sources is null
            ? SourceReaders.Open(request.SourcePath, request.Mapping.Source)
            : await sources.OpenAsync(request.SourcePath, request.Mapping.Source, known, cancellationToken).ConfigureAwait(false);

    private async Task<ReindexReport> RunAsync(
        AccessScope system, ReindexRequest request, string sourceName, RowIntake intake, ProductSpool spool, IProgress<ReindexProgress>? progress, CancellationToken cancellationToken)
    {
        var note = $"{sourceName} by {request.Mapping.Name}";
        var earlier = request is { Mode: ReindexMode.Full, DryRun: false } ? await Journal(request).LastAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false) : null;
        for (var attempt = 1; ; attempt++)
        {
            ICatalogBuild? build;
            try
            {
                build = await BeginPatientlyAsync(system, request, note, cancellationToken).ConfigureAwait(false);
            }
            catch (CatalogBusyException) when (request is { Mode: ReindexMode.Incremental, DryRun: false })
            {
                return await WaitAsync(new PipelineRun(system, request, sourceName, spool, intake, null, progress), intake, isRead: attempt > 1, cancellationToken).ConfigureAwait(false);
            }

            await using var owned = build;
            var run = new PipelineRun(system, request, sourceName, spool, intake, await LiveAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false), progress);
            if (attempt == 1)
            {
                await intake.RunAsync(progress, cancellationToken).ConfigureAwait(false);
            }

            var rejected = Accept(run, intake);
            if (build is null || request.DryRun)
            {
                return await CompareAsync(run, build, cancellationToken).ConfigureAwait(false);
            }

            using var builder = new GenerationBuilder(run, build, embedders, _gates, Journal(request), time, logger) { Earlier = earlier, ReadyAsync = token => store.WaitUntilReadyAsync(system, request.Catalog, null, token) };
            if (await builder.RunAsync(attempt, cancellationToken).ConfigureAwait(false) is { } report)
            {
                return report with { Gates = [rejected, .. report.Gates] };
            }
        }
    }

    /// <summary>
    /// As <see cref="BeginAsync"/>. Where builders hold a lease, one that died keeps it for a while: a full run waits until the lease is over, or until a sign of life tells that the builder lives. Changes need not
    /// wait here: the builder finds them in the journal.
    /// </summary>
    private async ValueTask<ICatalogBuild?> BeginPatientlyAsync(AccessScope system, ReindexRequest request, string note, CancellationToken cancellationToken)
    {
        var watch = new LeaseWatch(time);
        while (true)
        {
            try
            {
                return await BeginAsync(system, request, note, cancellationToken).ConfigureAwait(false);
            }
            catch (CatalogBusyException busy) when (request is { Mode: ReindexMode.Full, DryRun: false } && watch.MayBeDead(busy))
            {
                if (watch.IsFirst)
                {
                    Log.WaitsForLease(logger, request.Catalog);
                }

                await Task.Delay(BusyPause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The build; null in a dry run of a catalog that does not exist, where beginning one would leave a folder behind.</summary>
    private async ValueTask<ICatalogBuild?> BeginAsync(AccessScope system, ReindexRequest request, string note, CancellationToken cancellationToken) =>
        request.DryRun && (await store.ListGenerationsAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false)).Count == 0
            ? null
            : await store.BeginBuildAsync(system, new CatalogBuildRequest(request.Catalog, note, request.Mapping.Analyzer, "", 0), cancellationToken).ConfigureAwait(false);

    private async ValueTask<GenerationInfo?> LiveAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return (await store.ListGenerationsAsync(system, catalog, cancellationToken).ConfigureAwait(false)) is [var live, ..] ? live : null;
            }
            catch (CatalogEngineException away) when (away.IsTransient)
            {
                await store.WaitUntilReadyAsync(system, catalog, null, cancellationToken).ConfigureAwait(false);
                return (await store.ListGenerationsAsync(system, catalog, cancellationToken).ConfigureAwait(false)) is [var live, ..] ? live : null;
            }
        }
        catch (InvalidDataException)
        {
            // What cannot be read cannot be kept: the build starts from nothing.
            return null;
        }
    }

    private GateResult Accept(PipelineRun run, RowIntake intake)
    {
        var nothingNew = !run.IsFull && intake.Read == 0 && run.Live is not null;
        if (run.Spool.Distinct + (run.IsFull ? 0 : run.Spool.Deletions) == 0 && !nothingNew)
        {
            var why = intake.Read == 0 ? $"The source {run.SourceName} holds no row." : $"None of {intake.Read} rows passed.";
            throw new ReindexException("nothing_accepted", $"{why} The catalog is left as it is.");
        }

        var gate = SourceGates.Rejected(intake.Rejected, intake.Read, run.Request.MaxRejected);
        return run.Request.DryRun ? gate : _gates.Demand(run.System, run.Request, gate);
    }

    private async ValueTask<ReindexReport> CompareAsync(PipelineRun run, ICatalogBuild? build, CancellationToken cancellationToken)
    {
        var (counts, deleted) = await GenerationBuilder.CompareAsync(run, build, time, cancellationToken).ConfigureAwait(false);
        var made = build is null ? null : await ReadProvenanceAsync(build, cancellationToken).ConfigureAwait(false);
        return run.Report(counts, deleted) with { Differences = [.. Provenance.Of(run.Request, embedders).DifferencesTo(Provenance.Read(made), run.Live)] };
    }

    private static async ValueTask<byte[]?> ReadProvenanceAsync(ICatalogBuild build, CancellationToken cancellationToken)
    {
        try
        {
            return await build.ReadAttachmentAsync(Provenance.Attachment, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            // Told as a generation of which it is not known how it was made.
            return null;
        }
    }

    /// <summary>Leaves the changes to the build that is running.</summary>
    private async Task<ReindexReport> WaitAsync(PipelineRun run, RowIntake intake, bool isRead, CancellationToken cancellationToken)
    {
        if (!isRead)
        {
            await intake.RunAsync(run.Progress, cancellationToken).ConfigureAwait(false);
        }

        var rejected = Accept(run, intake);
        if (!await Journal(run.Request).AppendAsync(run.System, run.Request.Catalog, run.Spool.Records(), cancellationToken).ConfigureAwait(false))
        {
            throw new ReindexException("journal_full", "Too many changes wait for a build of this catalog: more than 1 GiB, or more than 4,096 runs of them. Let the build that runs end, or cancel it.");
        }

        var waiting = run.Spool.Distinct + run.Spool.Deletions;
        Log.ChangesWait(logger, run.Request.Catalog, waiting);
        return run.Report(new VerdictCounts(), 0) with { Waiting = waiting, Gates = [rejected] };
    }

    /// <summary>
    /// Changes are in the journal, and the builder that held the catalog applies them if it lives. Where that cannot be seen at once, because builders hold a lease, this looks on until there is a sign of life; when
    /// there is none, the lease ends and the changes are applied here.
    /// </summary>
    private async Task<ReindexReport> OutliveAsync(AccessScope system, ReindexRequest request, ReindexReport report, CancellationToken cancellationToken)
    {
        var watch = new LeaseWatch(time);
        try
        {
            while (true)
            {
                try
                {
                    if (await ApplyAsync(system, request, cancellationToken).ConfigureAwait(false) is not { } applied)
                    {
                        return report;
                    }

                    await ApplyWaitingAsync(system, request, cancellationToken).ConfigureAwait(false);
                    return report with
                    {
                        Waiting = 0, Generation = applied.Generation, CaughtUp = applied.CaughtUp, Embedded = applied.Embedded, ReusedModel = applied.ReusedModel, Put = applied.Put, Gates = [.. report.Gates, .. applied.Gates],
                        Added = applied.Added, Updated = applied.Updated, Kept = applied.Kept, Deleted = applied.Deleted, Stale = report.Stale + applied.Stale,
                    };
                }
                catch (CatalogBusyException busy) when (watch.MayBeDead(busy))
                {
                    if (watch.IsFirst)
                    {
                        Log.WaitsForLease(logger, request.Catalog);
                    }

                    await Task.Delay(BusyPause, time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (CatalogBusyException)
        {
            // It lives, and applies them.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop looking on: the changes are safe, and a run that was repeated would add them once more.
        }
        catch (Exception e)
        {
            Log.ChangesStay(logger, request.Catalog, e.Message);
        }

        return report;
    }

    /// <summary>
    /// Behind a run that succeeded: changes that arrived when it had caught up already. Those that arrived during one that did not wait for the next run, whose mapping fits the live generation. Whoever builds next to it does the same, so that no change waits for
    /// nobody. A failure is logged and leaves them to the next run.
    /// </summary>
    private async ValueTask ApplyWaitingAsync(AccessScope system, ReindexRequest request, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < MaxDrains && !cancellationToken.IsCancellationRequested; i++)
            {
                if (await ApplyAsync(system, request, cancellationToken).ConfigureAwait(false) is null)
                {
                    return;
                }
            }

            if (!cancellationToken.IsCancellationRequested && await Journal(request).LastAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false) is not null)
            {
                Log.ChangesStay(logger, request.Catalog, "more arrived all the time");
            }
        }
        catch (CatalogBusyException)
        {
            // That build applies them.
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The run itself has ended one way or the other; what waits is safe in the journal.
            Log.ChangesStay(logger, request.Catalog, e.Message);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop: the next run applies them.
        }
    }

    /// <summary>Makes a generation of what waits in the journal; null when nothing does, or there is no generation to apply it to.</summary>
    /// <exception cref="CatalogBusyException">Another build runs.</exception>
    private async ValueTask<ReindexReport?> ApplyAsync(AccessScope system, ReindexRequest request, CancellationToken cancellationToken)
    {
        var journal = Journal(request);
        if (await journal.LastAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false) is null
            || await LiveAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false) is not { } before)
        {
            return null;
        }

        var changes = request with { Mode = ReindexMode.Incremental, Force = false };
        await using var build = await BeginAsync(system, changes, before.Note, cancellationToken).ConfigureAwait(false);
        using var nothing = new ProductSpool(Path.Combine(request.DataDirectory, "spool"));
        nothing.Complete();

        // Read again under the lock: what was live before may have been replaced meanwhile.
        var live = await LiveAsync(system, request.Catalog, cancellationToken).ConfigureAwait(false);
        var run = new PipelineRun(system, changes, "journal", nothing, null, live, null);
        using var builder = new GenerationBuilder(run, build!, embedders, _gates, journal, time, logger) { ReadyAsync = token => store.WaitUntilReadyAsync(system, request.Catalog, null, token) };
        return await builder.RunAsync(1, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The generation is live: a source that is not remembered costs one more reading.</summary>
    private void Remember(SourceMemory? memory, string catalog, string? fingerprint, GenerationInfo made)
    {
        try
        {
            memory?.Remember(fingerprint, made);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.SourceNotRemembered(logger, catalog, failure.Message);
        }
    }

    private IChangeJournal Journal(ReindexRequest request) => journal ?? new FileChangeJournal(request.DataDirectory, time);
}
