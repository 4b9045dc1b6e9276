using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Makes one generation of spooled changes: goes on where an abandoned run stopped, writes, checkpoints only what the engine has acknowledged, catches up with changes that
/// arrived meanwhile, passes the gates and swaps. One use.
/// </summary>
internal sealed class GenerationBuilder(PipelineRun run, ICatalogBuild build, IEmbedderProvider? embedders, ReindexGates gates, IChangeJournal journal, TimeProvider time, ILogger logger) : IDisposable
{
    private const string PositionAttachment = "changes.position";
    private static readonly TimeSpan CheckpointPause = TimeSpan.FromSeconds(15);

    private readonly ReindexRequest _request = run.Request;
    private readonly VerdictCounts _counts = new();
    private readonly VerdictCounts _late = new();
    private readonly HashSet<string> _stale = new(StringComparer.Ordinal);
    private readonly HashSet<string> _staleLate = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private TombstoneBook _tombstones = new();
    private ProductSpool? _arrived;
    private string? _position;

    /// <summary>Whether the position of the generation before cannot be read: an empty one stands in its place.</summary>
    private bool _lostPosition;
    private long _resumed;

    /// <summary>Position of the last change that was in the journal before a full run read its source; null for none.</summary>
    public string? Earlier { get; init; }

    /// <summary>Waits while the engine is away; null where it never is.</summary>
    public Func<CancellationToken, ValueTask>? ReadyAsync { get; init; }

    /// <summary>Runs; null when an abandoned build of another embedding model stands in the way: begin again without resuming.</summary>
    /// <param name="attempt">Part of what an abandoned run is recognised by.</param>
    /// <param name="cancellationToken">Cancels; what was acknowledged stays for the next run.</param>
    public async Task<ReindexReport?> RunAsync(int attempt, CancellationToken cancellationToken)
    {
        _tombstones = await ReadTombstonesAsync(build, _request, time, cancellationToken).ConfigureAwait(false);
        if (gates.Demand(run.System, _request, DeletionGate(cancellationToken)) is var deletions && !await PrepareAsync(attempt, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var writing = _request.Grace ?? cancellationToken;
        using var cache = run.Prepared is { } prepared ? VectorCache.Open(_request.DataDirectory, _request.Catalog, prepared.Embedder.ModelId, prepared.Embedder.Dimensions) : null;
        await using var queue = run.Prepared is { Embedder: var embedder } ? new EmbeddingQueue(embedder, _request.EmbeddingConcurrency, writing) : null;
        var plan = new BuildPlan(run.IsFull, IsCatchingUp: false, _request.Force, run.IsSameModel);
        var writer = new BuildWriter(build, run.Prepared, queue, cache, plan);
        await WriteAsync(writer, writing, cancellationToken).ConfigureAwait(false);
        var catchUp = new BuildWriter(build, run.Prepared, queue, cache, plan with { IsCatchingUp = true, Force = false });
        await CatchUpAsync(catchUp, cancellationToken).ConfigureAwait(false);
        if (Unchanged() is { } live)
        {
            // A second generation of the same would push out the one a rollback is for.
            VectorCache.Delete(_request.DataDirectory, _request.Catalog);
            return Report(writer, catchUp, 0, 0, live.Products, 0) with { Unchanged = true, Generation = live, Gates = [deletions] };
        }

        return await SwapAsync(writer, catchUp, deletions, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _arrived?.Dispose();

    /// <summary>What the changes mean, without writing anything.</summary>
    public static async ValueTask<(VerdictCounts Counts, int Deleted)> CompareAsync(PipelineRun run, ICatalogBuild? build, TimeProvider time, CancellationToken cancellationToken)
    {
        var tombstones = build is null ? new TombstoneBook() : await ReadTombstonesAsync(build, run.Request, time, cancellationToken).ConfigureAwait(false);
        return Compare(run, build, tombstones, cancellationToken);
    }

    private static (VerdictCounts Counts, int Deleted) Compare(PipelineRun run, ICatalogBuild? build, TombstoneBook tombstones, CancellationToken cancellationToken)
    {
        var counts = new VerdictCounts();
        var judge = new ChangeJudge(id => build?.Find(id), tombstones, run.IsFull);
        foreach (var entry in run.Spool.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (verdict, before) = judge.Judge(entry);
            counts.Count(verdict, before);
        }

        return (counts, run.IsFull ? (build?.PreviousProducts ?? 0) - counts.Updated - counts.Kept - counts.StaleKept : counts.Deleted);
    }

    private static async ValueTask<TombstoneBook> ReadTombstonesAsync(ICatalogBuild build, ReindexRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ForgetsTombstones(request))
        {
            return new TombstoneBook();
        }

        try
        {
            return TombstoneBook.Read(await build.ReadAttachmentAsync(TombstoneBook.Attachment, cancellationToken).ConfigureAwait(false), time.GetUtcNow() - request.TombstoneAge);
        }
        catch (InvalidDataException damaged)
        {
            // Without them a late row would bring back what was deleted, and nobody would notice.
            throw new ReindexException("tombstones_damaged", $"The tombstones kept with the live generation of '{request.Catalog}' cannot be read: {damaged.Message} The catalog is left as it is. Run a full reindex with --force, which begins them anew, from a source that is up to date.");
        }
    }

    private static bool ForgetsTombstones(ReindexRequest request) => request is { Force: true, Mode: ReindexMode.Full };

    /// <summary>Before anything is trained or embedded, for which one more pass over the spool is a small price.</summary>
    private GateResult DeletionGate(CancellationToken cancellationToken)
    {
        var needed = build.PreviousProducts > 0 && _request.MaxDeleted < 1;
        return SourceGates.Deleted(needed ? Compare(run, build, _tombstones, cancellationToken).Deleted : 0, build.PreviousProducts, _request.MaxDeleted, run.SourceName);
    }

    /// <summary>Goes on with an abandoned build, and makes the model ready; false when the two do not fit.</summary>
    private async ValueTask<bool> PrepareAsync(int attempt, CancellationToken cancellationToken)
    {
        _resumed = await build.ResumeAsync(KeyOf(attempt), cancellationToken).ConfigureAwait(false);
        if (_resumed > 0)
        {
            Log.Resumed(logger, _request.Catalog, _resumed - 1);
        }

        run.Progress?.Report(run.At(ReindexStage.PreparingModel, 0, null));
        run.Prepared = embedders is null ? null : await embedders.PrepareAsync(Learning(), cancellationToken).ConfigureAwait(false);
        if (run is { IsFull: false, Live: not null, IsSameModel: false })
        {
            throw new ReindexException("full_build_required", $"The live generation has vectors of '{run.Live.EmbeddingModel}', the changes would get those of '{run.Prepared?.Embedder.ModelId ?? ""}'. The catalog is left as it is. Run a full reindex once.");
        }

        try
        {
            build.UseEmbeddings(run.Prepared?.Embedder.ModelId ?? "", run.Prepared?.Embedder.Dimensions ?? 0);
        }
        catch (InvalidOperationException) when (_resumed > 0)
        {
            return false;
        }

        if (_resumed == 0 && run.Prepared is { AttachmentName: { } name, Reused: false } trained)
        {
            // First of all, so that a run that goes on has the very model of its vectors.
            await build.AttachAsync(name, trained.Attachment, cancellationToken).ConfigureAwait(false);
            await build.CheckpointAsync(1, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Same products in the same order, made the same way.</summary>
    private string KeyOf(int attempt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"1|{attempt}|{_request.Mode}|{_request.Force}|{_request.Mapping.Analyzer}|{run.Spool.Digest}")));

    private EmbedderRequest Learning()
    {
        var everyone = run.Spool.Read().Where(e => !e.IsDeletion).Select(e => e.Product()).Where(p => p.IsVisibleToEveryone);
        return new EmbedderRequest(_request.Catalog, _request.Mapping.Analyzer, build, everyone, _request.Force && _resumed == 0) { Incremental = !run.IsFull && run.Live is not null };
    }

    /// <param name="writer">Writes.</param>
    /// <param name="writing">Cancels at once.</param>
    /// <param name="cancellationToken">Cancels before the next change, behind a checkpoint where there is time for one.</param>
    private async Task WriteAsync(BuildWriter writer, CancellationToken writing, CancellationToken cancellationToken)
    {
        var total = run.Spool.Distinct + run.Spool.Deletions;
        run.Progress?.Report(run.At(ReindexStage.Indexing, 0, total));
        var judge = new ChangeJudge(build.Find, _tombstones, run.IsFull);
        var (done, since, last) = (0, 0, time.GetTimestamp());
        foreach (var entry in run.Spool.Read())
        {
            if (cancellationToken.IsCancellationRequested && since > 0 && !writing.IsCancellationRequested)
            {
                await CheckpointAsync(writer, done, writing).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            var (verdict, before) = Judge(judge, entry, _counts, _stale);
            done++;
            if (done < _resumed)
            {
                continue;
            }

            await writer.AddAsync(entry, verdict, before, writing).ConfigureAwait(false);
            if (done % 64 == 0)
            {
                run.Progress?.Report(run.At(ReindexStage.Indexing, done, total));
            }

            if (++since >= _request.CheckpointProducts || (since % 64 == 0 && time.GetElapsedTime(last) >= CheckpointPause))
            {
                await CheckpointAsync(writer, done, writing).ConfigureAwait(false);
                (since, last) = (0, time.GetTimestamp());
            }
        }

        await writer.FlushAsync(writing).ConfigureAwait(false);
        if (writer.Put > 0)
        {
            await build.CheckpointAsync(done + 1, writing).ConfigureAwait(false);
        }
    }

    /// <summary>Embeds and writes what is under way, and makes it last.</summary>
    private async ValueTask CheckpointAsync(BuildWriter writer, int done, CancellationToken cancellationToken)
    {
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        await build.CheckpointAsync(done + 1, cancellationToken).ConfigureAwait(false);
    }

    private (Verdict Verdict, ProductStamp? Before) Judge(ChangeJudge judge, in SpoolEntry entry, VerdictCounts counts, HashSet<string> stale)
    {
        var (verdict, before) = judge.Judge(entry);
        counts.Count(verdict, before);
        switch (verdict)
        {
            case Verdict.Stale:
                stale.Add(entry.Id);
                break;
            case Verdict.Delete or Verdict.Nothing:
                _tombstones.Bury(entry.Id, Math.Max(entry.Version, before?.Version ?? 0), time.GetUtcNow());
                break;
            default:
                _tombstones.Raise(entry.Id);
                break;
        }

        return (verdict, before);
    }

    /// <summary>Changes that arrived during the build, or were left by an earlier one, on top of what was written.</summary>
    private async Task CatchUpAsync(BuildWriter writer, CancellationToken cancellationToken)
    {
        var applied = await ReadPositionAsync(cancellationToken).ConfigureAwait(false);
        var isEarlier = run.IsFull && Earlier is not null && await WaitsAsync(Earlier, applied, cancellationToken).ConfigureAwait(false);
        await foreach (var change in journal.ReadAsync(run.System, _request.Catalog, applied, cancellationToken).ConfigureAwait(false))
        {
            var entry = SpoolRecord.Read(change.Change);
            _arrived ??= new ProductSpool(Path.Combine(_request.DataDirectory, "spool"));
            if (!isEarlier || Outlives(entry))
            {
                _arrived.Add(entry, change.Change.Span);
            }

            _position = change.Position;
            isEarlier &= change.Position != Earlier;
        }

        if (_arrived is null)
        {
            if (applied is not null)
            {
                // Applied before, by a run that ended between its swap and this.
                await journal.TrimAsync(run.System, _request.Catalog, applied, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        _arrived.Complete();
        var judge = new ChangeJudge(FindWritten, _tombstones, isFull: false);
        foreach (var entry in _arrived.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (verdict, before) = Judge(judge, entry, _late, _staleLate);
            await writer.AddAsync(entry, verdict, before, cancellationToken).ConfigureAwait(false);
        }

        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the change at a position is not applied yet.</summary>
    private async ValueTask<bool> WaitsAsync(string position, string? applied, CancellationToken cancellationToken)
    {
        await foreach (var change in journal.ReadAsync(run.System, _request.Catalog, applied, cancellationToken).ConfigureAwait(false))
        {
            if (change.Position == position)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a change that was there before a full run read its source still says something: by its version, about a product the source has, or that one is gone. Otherwise the source is the
    /// later word, also where it has the product no longer.
    /// </summary>
    private bool Outlives(in SpoolEntry entry) => entry.Version > 0 && (entry.IsDeletion || run.Spool.Find(entry.Id) is not null);

    /// <summary>What this build holds of an id before it catches up.</summary>
    private ProductStamp? FindWritten(string id) =>
        _stale.Contains(id) ? build.Find(id)
        : run.Spool.Find(id) is { } written ? written.IsDeletion ? null : new ProductStamp(default, default, written.Version, false)
        : run.IsFull ? null : build.Find(id);

    private GenerationInfo? Unchanged() =>
        _tombstones.IsChanged || _position is not null || _lostPosition ? null
        : run.IsFull ? build.Unchanged
        : _counts.HasChange ? null : run.Live;

    private async Task<ReindexReport> SwapAsync(BuildWriter writer, BuildWriter catchUp, GateResult deletions, CancellationToken cancellationToken)
    {
        await AttachAsync(cancellationToken).ConfigureAwait(false);
        run.Progress?.Report(run.At(ReindexStage.Swapping, 0, null));
        var built = await build.FinishAsync(deleteOthers: run.IsFull, cancellationToken).ConfigureAwait(false);
        GateResult[] refused = [.. TakeRefused()];
        var passed = await gates.PassAsync(_request, ToCandidate(built, writer.WithVector + catchUp.WithVector - build.Refused.Count), cancellationToken).ConfigureAwait(false);
        var generation = await build.CommitAsync(cancellationToken).ConfigureAwait(false);
        VectorCache.Delete(_request.DataDirectory, _request.Catalog);
        await TrimAsync().ConfigureAwait(false);
        return Report(writer, catchUp, built.Added, built.Updated, built.Kept, built.Deleted) with { Generation = generation, Gates = [deletions, .. refused, .. passed] };
    }

    /// <summary>The generation is live: what goes wrong now costs room in the journal and no more, because the generation knows its position.</summary>
    private async ValueTask TrimAsync()
    {
        try
        {
            if (_position is not null)
            {
                await journal.TrimAsync(run.System, _request.Catalog, _position, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or CatalogEngineException)
        {
            Log.ChangesStay(logger, _request.Catalog, e.Message);
        }
    }

    private async ValueTask AttachAsync(CancellationToken cancellationToken)
    {
        if (run.Prepared is { AttachmentName: { } name, Reused: true } reused)
        {
            await build.AttachAsync(name, reused.Attachment, cancellationToken).ConfigureAwait(false);
        }

        await build.AttachAsync(Provenance.Attachment, Provenance.Of(_request, embedders).Write(), cancellationToken).ConfigureAwait(false);
        if (_tombstones.IsChanged || _tombstones.Count > 0 || (ForgetsTombstones(_request) && build.PreviousProducts > 0))
        {
            // Also an empty book, where the one of the generation before would be carried on.
            await build.AttachAsync(TombstoneBook.Attachment, _tombstones.Write(), cancellationToken).ConfigureAwait(false);
        }

        _position ??= await ReadPositionAsync(cancellationToken).ConfigureAwait(false);
        if (_position is not null || _lostPosition)
        {
            await build.AttachAsync(PositionAttachment, Encoding.ASCII.GetBytes(_position ?? ""), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>How far the generation before got in the journal; null when it never met one. Full runs do without: to changes from before they began, their source is the later word.</summary>
    private async ValueTask<string?> ReadPositionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await build.ReadAttachmentAsync(PositionAttachment, cancellationToken).ConfigureAwait(false) is { Length: > 0 } noted ? Encoding.ASCII.GetString(noted) : null;
        }
        catch (InvalidDataException damaged) when (!run.IsFull)
        {
            throw new ReindexException("generation_damaged", $"Which changes the live generation of '{_request.Catalog}' holds cannot be read: {damaged.Message} The catalog is left as it is. Run a full reindex.");
        }
        catch (InvalidDataException)
        {
            _lostPosition = true;
            return null;
        }
    }

    /// <summary>What the engine could not index goes to the dead letters and counts as rejected.</summary>
    private IEnumerable<GateResult> TakeRefused()
    {
        foreach (var product in build.Refused)
        {
            _refused.Add(product.Id);
            run.Intake?.Refuse(product);
        }

        return run.Intake is { } intake && build.Refused.Count > 0 ? [gates.Demand(run.System, _request, SourceGates.Rejected(intake.Rejected, intake.Read, _request.MaxRejected))] : [];
    }

    private Candidate ToCandidate(CatalogBuildReport built, int withVector)
    {
        var start = run.IsFull ? _counts.Added + _counts.Updated + _counts.Kept + _counts.StaleKept : build.PreviousProducts + _counts.Added - _counts.Deleted;
        return new Candidate
        {
            System = run.System,
            Catalog = _request.Catalog,
            ReadyAsync = ReadyAsync,
            Index = build.Candidate,
            Live = run.Live is null ? null : gates.Live,
            Settings = _request.Gates,
            Built = built,
            ExpectedProducts = start + _late.Added - _late.Deleted - build.Refused.Count,
            ExpectedVectors = run.IsFull && _position is null ? withVector : 0,
            EmbeddingModel = run.Prepared?.Embedder.ModelId ?? "",
            Dimensions = run.Prepared?.Embedder.Dimensions ?? 0,
            IsWhole = run.IsFull && _counts.StaleKept == 0 && _late.StaleKept == 0,
            Written = Written(),
            WrittenCount = run.Spool.Distinct + (_arrived?.Distinct ?? 0),
            Random = new Random(unchecked((int)build.Generation * 397)),
        };
    }

    /// <summary>The products that were written: neither gone, nor stale, nor written again by what arrived later.</summary>
    private IEnumerable<SpoolEntry> Written()
    {
        foreach (var entry in run.Spool.Read())
        {
            if (!entry.IsDeletion && !_stale.Contains(entry.Id) && !_refused.Contains(entry.Id) && (_arrived?.Find(entry.Id) is null || _staleLate.Contains(entry.Id)))
            {
                yield return entry;
            }
        }

        foreach (var entry in _arrived?.Read() ?? [])
        {
            if (!entry.IsDeletion && !_staleLate.Contains(entry.Id) && !_refused.Contains(entry.Id))
            {
                yield return entry;
            }
        }
    }

    private ReindexReport Report(BuildWriter writer, BuildWriter catchUp, int added, int updated, int kept, int deleted) => run.Report(_counts, deleted) with
    {
        Added = added,
        Updated = updated,
        Kept = kept,
        Embedded = writer.Embedded + catchUp.Embedded,
        ReusedVectors = writer.ReusedVectors + catchUp.ReusedVectors,
        ReusedModel = run.Prepared?.Reused ?? false,
        EmbeddingUsage = run.Prepared?.Usage?.Invoke(),
        Resumed = Math.Max(0, _resumed - 1),
        Recovered = writer.Recovered + catchUp.Recovered,
        Put = writer.Put + catchUp.Put,
        CaughtUp = _late.Added + _late.Updated + _late.Kept + _late.Deleted,
    };
}
