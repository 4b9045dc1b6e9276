using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Sources;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Brings a source into a catalog: read, map, validate, compare, embed what changed, build, verify, swap. Whatever goes wrong before the swap,
/// cancellation included, leaves the live generation as it was. Thread-safe; one run a catalog at a time (the store sees to it).
/// </summary>
/// <param name="store">Where catalogs are written.</param>
/// <param name="embedders">Makes vectors; null for catalogs without.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of beginning, end and refusal.</param>
/// <param name="sources">Opens sources; null for files and folders of this machine only.</param>
public sealed class ReindexJob(ICatalogStore store, IEmbedderProvider? embedders, TimeProvider time, ILogger<ReindexJob> logger, ISourceOpener? sources = null)
{
    /// <summary>Runs one reindex.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told of progress from the working thread; null for nobody.</param>
    /// <param name="cancellationToken">Cancels; the live generation stays.</param>
    /// <exception cref="ReindexException">Refused; nothing was swapped.</exception>
    /// <exception cref="SourceException">The source cannot be read to its end.</exception>
    /// <exception cref="CatalogBusyException">Another build of the catalog is running.</exception>
    public async Task<ReindexReport> RunAsync(AccessScope system, ReindexRequest request, IProgress<ReindexProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(request);
        if (!CatalogName.IsValid(request.Catalog))
        {
            throw new ReindexException("invalid_catalog_name", $"'{request.Catalog}' is no catalog name: {CatalogName.Rule}.");
        }

        var started = time.GetTimestamp();
        Log.Started(logger, request.Catalog, SourceLocation.Parse(request.SourcePath).Display, request.DryRun);
        await using var source = await OpenAsync(request, cancellationToken).ConfigureAwait(false);
        using var deadLetters = new DeadLetterFile(request.DryRun ? null : Path.Combine(request.DataDirectory, "dead-letters"), request.Catalog, time);
        using var spool = new ProductSpool(request.DryRun ? Path.GetTempPath() : Path.Combine(request.DataDirectory, "spool"));
        var intake = new RowIntake(source, new ProductMapper(request.Mapping), spool, deadLetters);
        var run = new Run(system, request, source.Name, spool, progress, intake);
        try
        {
            await using var build = await BeginAsync(run, cancellationToken).ConfigureAwait(false);
            await intake.RunAsync(progress, cancellationToken).ConfigureAwait(false);
            Gate(run, deadLetters.Path);
            if (build is null || request.DryRun)
            {
                return Compare(run, build, cancellationToken) with { Duration = time.GetElapsedTime(started) };
            }

            GateDeletions(run, build, deadLetters.Path, cancellationToken);
            progress?.Report(run.At(ReindexStage.PreparingModel, 0, null));
            run.Prepared = embedders is null ? null : await embedders.PrepareAsync(Learning(run, build), cancellationToken).ConfigureAwait(false);
            var report = await BuildAsync(run, build, cancellationToken).ConfigureAwait(false) with { Duration = time.GetElapsedTime(started), DeadLetterPath = deadLetters.Path, EmbeddingUsage = run.Prepared?.Usage?.Invoke() };
            Log.Finished(logger, request.Catalog, report.Generation!.Number, report.Accepted, report.Rejected, report.Duration.TotalSeconds);
            return report;
        }
        catch (ReindexException e)
        {
            Log.Refused(logger, request.Catalog, e.Code, e.Message);
            throw;
        }
    }

    private async ValueTask<ISourceReader> OpenAsync(ReindexRequest request, CancellationToken cancellationToken) =>
        sources is null
            ? SourceReaders.Open(request.SourcePath, request.Mapping.Source)
            : (await sources.OpenAsync(request.SourcePath, request.Mapping.Source, known: null, cancellationToken).ConfigureAwait(false))!;

    /// <summary>The build; null in a dry run of a catalog that does not exist, where beginning one would leave a folder behind.</summary>
    private async ValueTask<ICatalogBuild?> BeginAsync(Run run, CancellationToken cancellationToken) =>
        run.Request.DryRun && (await store.ListGenerationsAsync(run.System, run.Request.Catalog, cancellationToken).ConfigureAwait(false)).Count == 0
            ? null
            : await store.BeginBuildAsync(
                run.System,
                new CatalogBuildRequest(run.Request.Catalog, $"{run.SourceName} by {run.Request.Mapping.Name}", run.Request.Mapping.Analyzer, "", 0),
                cancellationToken).ConfigureAwait(false);

    private static void Gate(Run run, string? deadLetterPath)
    {
        var intake = run.Intake;
        var where = deadLetterPath is null ? "" : $" The reasons are in {deadLetterPath}.";
        if (run.Spool.Distinct == 0)
        {
            var why = intake.Read == 0 ? $"The source {run.SourceName} holds no row." : $"None of {intake.Read} rows passed.";
            throw new ReindexException("nothing_accepted", $"{why} The catalog is left as it is.{where}", deadLetterPath, intake.Tally.ToSummaries());
        }

        if (!run.Request.DryRun && intake.Rejected > intake.Read * run.Request.MaxRejected)
        {
            throw new ReindexException(
                "too_many_rejected",
                FormattableString.Invariant($"{intake.Rejected} of {intake.Read} rows were rejected, more than {run.Request.MaxRejected * 100:0.##}%. The catalog is left as it is. Correct the source or the mapping, or allow more with --max-rejected.{where}"),
                deadLetterPath,
                intake.Tally.ToSummaries());
        }
    }

    /// <summary>Refuses before anything is trained or embedded, for which one more pass over the spool is a small price.</summary>
    private static void GateDeletions(Run run, ICatalogBuild build, string? deadLetterPath, CancellationToken cancellationToken)
    {
        var (live, share) = (build.PreviousProducts, run.Request.MaxDeleted);
        if (live == 0 || share >= 1)
        {
            return;
        }

        var deleted = Compare(run, build, cancellationToken).Deleted;
        if ((double)deleted / live <= share)
        {
            return;
        }

        var where = deadLetterPath is null ? "" : $" Rejected rows are in {deadLetterPath}.";
        throw new ReindexException(
            "too_many_deleted",
            FormattableString.Invariant($"{deleted} of {live} products would be deleted because the source {run.SourceName} does not have them, more than {share * 100:0.##}%. The catalog is left as it is. Check that the source is complete and meant for this catalog, or allow more with --max-deleted (100% allows all).{where}"),
            deadLetterPath,
            run.Intake.Tally.ToSummaries());
    }

    private static ReindexReport Compare(Run run, ICatalogBuild? previous, CancellationToken cancellationToken)
    {
        var (added, updated, kept) = (0, 0, 0);
        foreach (var spooled in run.Spool.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (previous?.Find(spooled.Product.Id))
            {
                case null:
                    added++;
                    break;
                case { } before when before.Content == spooled.Content:
                    kept++;
                    break;
                default:
                    updated++;
                    break;
            }
        }

        return run.Report(added, updated, kept, (previous?.PreviousProducts ?? 0) - updated - kept);
    }

    private static EmbedderRequest Learning(Run run, ICatalogBuild previous)
    {
        var everyone = run.Spool.Read().Select(s => s.Product).Where(p => p.IsVisibleToEveryone);
        return new EmbedderRequest(run.Request.Catalog, run.Request.Mapping.Analyzer, previous, everyone, run.Request.Force);
    }

    /// <summary>Writes, verifies and swaps; leaves the build where it would change nothing.</summary>
    private static async Task<ReindexReport> BuildAsync(Run run, ICatalogBuild build, CancellationToken cancellationToken)
    {
        var prepared = run.Prepared;
        if (prepared is not null)
        {
            build.UseEmbeddings(prepared.Embedder.ModelId, prepared.Embedder.Dimensions);
        }

        run.Progress?.Report(run.At(ReindexStage.Indexing, 0, run.Spool.Distinct));
        var writer = new BuildWriter(build, prepared?.Embedder, run.Request.Force);
        foreach (var spooled in run.Spool.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.AddAsync(spooled, cancellationToken).ConfigureAwait(false);
            if (writer.Written % 64 == 0)
            {
                run.Progress?.Report(run.At(ReindexStage.Indexing, writer.Written, run.Spool.Distinct));
            }
        }

        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (build.Unchanged is { } live)
        {
            // A second generation of the same would push out the one a rollback is for.
            return run.Report(0, 0, live.Products, 0) with { Unchanged = true, ReusedVectors = writer.ReusedVectors, ReusedModel = prepared?.Reused ?? false, Generation = live };
        }

        if (prepared?.AttachmentName is { } name)
        {
            await build.AttachAsync(name, prepared.Attachment, cancellationToken).ConfigureAwait(false);
        }

        run.Progress?.Report(run.At(ReindexStage.Swapping, 0, null));
        var built = await build.FinishAsync(deleteOthers: true, cancellationToken).ConfigureAwait(false);
        Verify(run, writer, built);
        var generation = await build.CommitAsync(cancellationToken).ConfigureAwait(false);
        return run.Report(built.Added, built.Updated, built.Kept, built.Deleted) with
        {
            Embedded = writer.Embedded,
            ReusedVectors = writer.ReusedVectors,
            ReusedModel = prepared?.Reused ?? false,
            Generation = generation,
        };
    }

    private static void Verify(Run run, BuildWriter writer, CatalogBuildReport built)
    {
        if (built.Products != run.Spool.Distinct || built.WithVector < writer.WithVector)
        {
            throw new ReindexException(
                "verification_failed",
                $"The new generation holds {built.Products} products, {built.WithVector} with a vector; {run.Spool.Distinct} and {writer.WithVector} were written. It is not swapped in. Check the disk, then try again.");
        }
    }

    /// <summary>What one run carries along.</summary>
    private sealed class Run(AccessScope system, ReindexRequest request, string sourceName, ProductSpool spool, IProgress<ReindexProgress>? progress, RowIntake intake)
    {
        public AccessScope System { get; } = system;

        public ReindexRequest Request { get; } = request;

        public string SourceName { get; } = sourceName;

        public ProductSpool Spool { get; } = spool;

        public IProgress<ReindexProgress>? Progress { get; } = progress;

        public RowIntake Intake { get; } = intake;

        public PreparedEmbedder? Prepared { get; set; }

        public ReindexProgress At(ReindexStage stage, long done, long? total) => new(stage, done, total, Intake.Read, Intake.Rejected);

        public ReindexReport Report(int added, int updated, int kept, int deleted) => new()
        {
            Catalog = Request.Catalog,
            DryRun = Request.DryRun,
            Read = Intake.Read,
            Accepted = Spool.Distinct,
            Rejected = Intake.Rejected,
            Duplicates = Intake.Duplicates,
            Added = added,
            Updated = updated,
            Kept = kept,
            Deleted = deleted,
            Duration = TimeSpan.Zero,
            Rejections = Intake.Tally.ToSummaries(),
        };
    }
}
