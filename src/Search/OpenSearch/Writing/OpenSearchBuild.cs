using System.Globalization;
using System.Numerics.Tensors;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.Querying;
using AiPlatform.Search.OpenSearch.State;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>
/// A new generation in an index of its own. Where form and model are those of the live generation the index begins as its clone, which takes a moment at any size, so that only what
/// changed is sent; where not, what is kept is read from the live index and written anew. Memory: about 110 bytes a product, ids included, and the bulks under way.
/// </summary>
internal sealed class OpenSearchBuild : ICatalogBuild
{
    private const int SequenceBits = 32;
    private readonly WriteContext _context;
    private readonly BuildLease _lease;
    private readonly ResolvedState _before;
    private readonly ITextAnalyzer _analyzer;
    private readonly LiveIndexes _live;
    private readonly ILoggerFactory _loggers;
    private readonly TextLengths _lengths;
    private readonly ProductTable _table = new();
    private readonly BuildJournal _journal = new();
    private readonly List<StoredFile> _journalFiles = [];
    private readonly SortedDictionary<string, StoredFile> _attachments = new(StringComparer.Ordinal);
    private readonly List<RefusedProduct> _refused = [];
    private readonly HashSet<int> _toDelete = [];
    private CatalogBuildRequest _request;
    private IndexDefinition _definition;
    private ProductDocument _document;
    private BuildingIndex? _index;
    private BulkWriter? _bulk;
    private StoredGeneration? _finished;
    private ICatalogIndex? _candidate;
    private string? _key;
    private bool _cloned;
    private bool _resumed;
    private bool _begun;
    private bool _emptied;
    private bool _committed;
    private bool _keepForNext;
    private uint _sequence;
    private int _files;

    private OpenSearchBuild(WriteContext context, BuildLease lease, ResolvedState before, TextLengths lengths, CatalogBuildRequest request, LiveIndexes live, ILoggerFactory loggers)
    {
        (_context, _lease, _before, _lengths, _request, _live, _loggers) = (context, lease, before, lengths, request, live, loggers);
        _analyzer = TextAnalyzers.Get(request.Analyzer);
        (_definition, _document) = (IndexDefinition.Of(context, request.Dimensions, request.Analyzer), new ProductDocument(_analyzer, request.Dimensions, _lengths));
    }

    public long Generation => _before.State.NextNumber;

    public int PreviousProducts => _table.Previous;

    public GenerationInfo? Unchanged =>
        CanClone && _table.IsUntouched && _table.Kept == _table.Previous ? Live!.Info : null;

    public IReadOnlyList<RefusedProduct> Refused => _refused;

    public ICatalogIndex Candidate => _candidate ?? throw new InvalidOperationException("Finish the build before looking at its candidate.");

    private StoredGeneration? Live => _before.State.Live;

    private string RunAlias => _context.Names.RunAlias(_lease.Catalog, _lease.Run);

    /// <summary>Vectors of another model cannot be kept.</summary>
    private bool SameModel => Live is { } live && live.Info.EmbeddingModel == _request.EmbeddingModel && live.Info.Dimensions == _request.Dimensions;

    private bool CanClone => SameModel && Live!.Definition == _definition.Digest && Live.Analyzer == _request.Analyzer;

    /// <summary>Takes the lease and reads the stamps of the live generation.</summary>
    /// <param name="context">The cluster.</param>
    /// <param name="request">What to make.</param>
    /// <param name="owner">Who builds; different for every build.</param>
    /// <param name="live">The live generations, told of a new one.</param>
    /// <param name="loggers">Makes the log of the candidate.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async ValueTask<OpenSearchBuild> BeginAsync(
        WriteContext context, CatalogBuildRequest request, string owner, LiveIndexes live, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        VectorSupport.CheckDimensions(request.Dimensions);
        _ = TextAnalyzers.Get(request.Analyzer);
        await VectorSupport.DemandAsync(context, request.Dimensions, cancellationToken).ConfigureAwait(false);
        var lease = await BuildLease.AcquireAsync(request.Catalog, owner, context.Meta, context.Options, context.Outage, context.Time, context.Logger, cancellationToken).ConfigureAwait(false);
        try
        {
            var before = await context.Outage.RideOutAsync("reading the state", token => context.States.ReadAsync(request.Catalog, token), cancellationToken).ConfigureAwait(false);
            await Leftovers.FenceAsync(context, request.Catalog, cancellationToken).ConfigureAwait(false);
            if (before.LostIndex is { } lost)
            {
                Log.StateLost(context.Logger, request.Catalog, lost);
            }

            var lengths = before.State.Live is { } source
                ? await context.Outage.RideOutAsync("reading the lengths of texts", token => TextLengths.OfAsync(context.Connection, source.Index, token), cancellationToken).ConfigureAwait(false)
                : new TextLengths();
            var build = new OpenSearchBuild(context, lease, before, lengths, request, live, loggers);
            if (before.State.Live is { } start)
            {
                await IndexScan.StampsAsync(context, start.Index, build._table.AddPrevious, cancellationToken).ConfigureAwait(false);
            }

            return build;
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void UseEmbeddings(string modelId, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(modelId);
        Unfinished();
        VectorSupport.CheckDimensions(dimensions);
        if (_request.EmbeddingModel == modelId && _request.Dimensions == dimensions)
        {
            return;
        }

        if (!_table.IsUntouched || _table.Kept > 0 || _index is not null)
        {
            throw new InvalidOperationException("The embedding model must be set before the first product is kept or put.");
        }

        Use(modelId, dimensions);
    }

    public async ValueTask<long> ResumeAsync(string key, CancellationToken cancellationToken)
    {
        BuildKey.Demand(key);
        if (_begun || _key is not null)
        {
            throw new InvalidOperationException("A build is resumed once, before anything is written.");
        }

        _key = key;
        if (_lease.Checkpoint is not { } checkpoint || !Continues(checkpoint) || await FilesAsync(checkpoint.Journal, cancellationToken).ConfigureAwait(false) is not { } steps
            || await FilesAsync(checkpoint.Attachments.Values, cancellationToken).ConfigureAwait(false) is null)
        {
            return 0;
        }

        var index = new BuildingIndex(_context, _lease.Catalog, checkpoint.Index);
        if (checkpoint.Index.Length > 0 && !await index.AdoptAsync(RunAlias, cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        Use(checkpoint.EmbeddingModel, checkpoint.Dimensions);
        steps.ForEach(bytes => BuildJournal.Replay(bytes, _table, _refused));
        _journalFiles.AddRange(checkpoint.Journal);
        foreach (var (name, file) in checkpoint.Attachments)
        {
            _attachments[name] = file;
        }

        (_begun, _emptied, _resumed, _keepForNext) = (true, true, true, true);
        if (checkpoint.Index.Length > 0)
        {
            Open(index, checkpoint.Cloned);
        }

        Log.BuildResumed(_context.Logger, _lease.Catalog, _lease.Run, checkpoint.Done, checkpoint.Index);
        return checkpoint.Done;
    }

    public async ValueTask CheckpointAsync(long done, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(done, 1);
        Begun();
        if (_key is null)
        {
            return;
        }

        await EmptyAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_journal.Bytes.IsEmpty)
        {
            _journalFiles.Add(await WriteFileAsync("journal", _journal.Bytes, cancellationToken).ConfigureAwait(false));
            _journal.Clear();
        }

        var checkpoint = new BuildCheckpoint(
            _key, done, Live?.Info.Number ?? 0, _index?.Name ?? "", _cloned, _definition.Digest, _request.EmbeddingModel, _request.Dimensions, [.. _journalFiles], new(_attachments, StringComparer.Ordinal));
        await _lease.SaveAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        _keepForNext = true;
    }

    public ProductStamp? Find(string id) => _table.Find(id);

    public async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadVectorsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return SameModel && _request.Dimensions > 0
            ? await VectorLookup.ReadAsync(_context, Live!.Index, ids, _request.Dimensions, cancellationToken).ConfigureAwait(false)
            : [.. ids.Select(_ => default(ReadOnlyMemory<float>))];
    }

    public void Keep(string id)
    {
        Begun();
        if (!_table.Keep(id))
        {
            throw new InvalidOperationException($"The product '{id}' cannot be kept: it is not in the previous generation, or it was already kept or put.");
        }

        JournalUnlessUnkeyed(j => j.Keep(id));
    }

    public async ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Unfinished();
        SegmentWriter.Check(product.Product);
        if (!product.Vector.IsEmpty && product.Vector.Length != _request.Dimensions)
        {
            throw new ArgumentException($"The vector of '{product.Product.Id}' has {product.Vector.Length} dimensions, the build {_request.Dimensions}.", nameof(product));
        }

        if (!product.Vector.IsEmpty && !TensorPrimitives.IsFiniteAll(product.Vector.Span))
        {
            throw new ArgumentException($"The vector of '{product.Product.Id}' holds something else than numbers.", nameof(product));
        }

        Begun();
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        var id = product.Product.Id;
        var stamp = new ProductStamp(product.ContentHash, product.EmbeddingHash, product.Version, product.Vector.Span.ContainsAnyExcept(0f));
        var slot = _table.Put(id, stamp, ++_sequence);
        JournalUnlessUnkeyed(j => j.Put(id, stamp));
        await WriteAsync(slot, product, cancellationToken).ConfigureAwait(false);
    }

    public bool Delete(string id)
    {
        Begun();
        var slot = _table.Delete(id);
        if (slot < 0)
        {
            return false;
        }

        _toDelete.Add(slot);
        JournalUnlessUnkeyed(j => j.Delete(id));
        return true;
    }

    public async ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Begun();
        await EmptyAsync(cancellationToken).ConfigureAwait(false);
        _attachments[name] = await WriteFileAsync("file", content, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        var file = _attachments.GetValueOrDefault(name) ?? Live?.Attachments.GetValueOrDefault(name);
        return file is null
            ? null
            : await _context.Outage.RideOutAsync("reading an attachment", token => _context.States.ReadFileAsync(file, token), cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidDataException($"The attachment '{name}' of the catalog '{_request.Catalog}' is damaged or gone.");
    }

    public async ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken)
    {
        if (!deleteOthers && _before.Lost)
        {
            throw new InvalidDataException($"The live generation of '{_request.Catalog}' cannot be read, so an incremental build would lose it. Index the whole catalog again.");
        }

        Begun();
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        await CarryOnAsync(deleteOthers, cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _index!.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var expected = _table.Expect(deleteOthers, SameModel);
        var (products, withVector) = await _index.CountAsync(cancellationToken).ConfigureAwait(false);
        if (_resumed || products != expected.Products || withVector != expected.WithVector)
        {
            (products, withVector) = await ReconcileAsync(deleteOthers, cancellationToken).ConfigureAwait(false);
        }

        if (products != expected.Products || withVector != expected.WithVector)
        {
            // Whatever went wrong, going on from here would meet it again.
            await _lease.SaveAsync(checkpoint: null, cancellationToken).ConfigureAwait(false);
            _keepForNext = false;
        }

        if (_cloned && expected.Gone * 4 > expected.Products)
        {
            await _index.ExpungeAsync(cancellationToken).ConfigureAwait(false);
        }

        await _index.SealAsync(cancellationToken).ConfigureAwait(false);
        var bytes = await _index.BytesAsync(cancellationToken).ConfigureAwait(false);
        InheritAttachments();
        var info = new GenerationInfo(_request.Catalog, Generation, _context.Time.GetUtcNow(), products, _request.EmbeddingModel, _request.Dimensions, _request.Note, bytes);
        _finished = new StoredGeneration(
            info,
            _index.Name,
            _request.Analyzer,
            _definition.Digest,
            await _index.MappingAsync(cancellationToken).ConfigureAwait(false),
            expected.Sum.ToString("x32", CultureInfo.InvariantCulture),
            withVector,
            new(_attachments, StringComparer.Ordinal));
        _candidate = new OpenSearchCatalogIndex(
            _context.Connection,
            new SingleIndex(await _context.Outage.RideOutAsync("opening the new generation", token => _live.OpenAsync(_finished, token), cancellationToken).ConfigureAwait(false)),
            _context.Options.Ranking,
            _context.Time,
            _loggers.CreateLogger<OpenSearchCatalogIndex>());
        var kept = deleteOthers ? _table.Kept : _table.Previous - _table.Updated - _table.Deleted;
        return new CatalogBuildReport(products, _table.Added, _table.Updated, kept, _table.Previous - kept - _table.Updated, withVector, bytes);
    }

    public async ValueTask<GenerationInfo> CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var finished = _finished ?? throw new InvalidOperationException("Finish the build before committing it.");
        finished = finished with { Info = finished.Info with { CreatedAt = _context.Time.GetUtcNow() } };
        await GenerationSwap.RunAsync(_context, _lease, _before, finished, RunAlias, cancellationToken).ConfigureAwait(false);
        _committed = true;
        _live.Forget(_lease.Catalog);
        return finished.Info;
    }

    public async ValueTask DisposeAsync()
    {
        if (_bulk is not null)
        {
            await _bulk.DisposeAsync().ConfigureAwait(false);
        }

        if (_index is not null && !_committed && !_keepForNext)
        {
            await _index.ThrowAwayAsync(_lease).ConfigureAwait(false);
        }

        await _lease.DisposeAsync().ConfigureAwait(false);
    }

    private void Use(string modelId, int dimensions)
    {
        _request = _request with { EmbeddingModel = modelId, Dimensions = dimensions };
        (_definition, _document) = (IndexDefinition.Of(_context, dimensions, _request.Analyzer), new ProductDocument(_analyzer, dimensions, _lengths));
    }

    /// <summary>What comes after the index is sealed would be lost without a word.</summary>
    private void Unfinished()
    {
        _lease.Demand();
        if (_finished is not null)
        {
            throw new InvalidOperationException("The build is finished: commit it, or begin another.");
        }
    }

    private void Begun()
    {
        Unfinished();
        _begun = true;
    }

    /// <summary>Nobody reads the journal of a build that cannot be continued.</summary>
    private void JournalUnlessUnkeyed(Action<BuildJournal> step)
    {
        if (_key is not null)
        {
            step(_journal);
        }
    }

    /// <summary>Before the first write of a build that continues none: what an abandoned one left goes.</summary>
    private async ValueTask EmptyAsync(CancellationToken cancellationToken)
    {
        if (_emptied)
        {
            return;
        }

        if (_lease.Checkpoint is not null)
        {
            await _lease.SaveAsync(checkpoint: null, cancellationToken).ConfigureAwait(false);
        }

        // What the alias points to and the state does not know may still answer searches: it stays until something new is swapped in.
        if (!_before.Lost)
        {
            await Leftovers.RemoveAsync(_context, _lease.Catalog, _before.State, [], cancellationToken).ConfigureAwait(false);
        }

        _emptied = true;
    }

    /// <summary>Makes the index at the first product, when the model is known.</summary>
    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_index is not null)
        {
            return;
        }

        await VectorSupport.DemandAsync(_context, _request.Dimensions, cancellationToken).ConfigureAwait(false);
        await EmptyAsync(cancellationToken).ConfigureAwait(false);
        var index = new BuildingIndex(_context, _lease.Catalog, _context.Names.Index(_lease.Catalog, Generation, _lease.Run));
        var clone = CanClone;
        if (clone)
        {
            await index.CloneAsync(Live!.Index, RunAlias, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await index.CreateAsync(_definition, RunAlias, cancellationToken).ConfigureAwait(false);
        }

        Open(index, clone);
    }

    private void Open(BuildingIndex index, bool cloned)
    {
        (_index, _cloned) = (index, cloned);
        _bulk = new BulkWriter(_context.Connection, RunAlias, _lease, _context.Outage, new BulkPace(_context.Options, _context.Logger), _context.Time);
    }

    private async ValueTask WriteAsync(int slot, IndexedProduct product, CancellationToken cancellationToken)
    {
        await _bulk!.PutAsync(slot, product.Product.Id, _sequence, VersionOf(_sequence), json => _document.Write(json, product), cancellationToken).ConfigureAwait(false);
        TakeRefused();
    }

    /// <summary>Grows with every write of every run, so that the later write wins, whenever it arrives.</summary>
    private long VersionOf(uint sequence) => (_lease.Run << SequenceBits) | sequence;

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_bulk is null)
        {
            return;
        }

        await _bulk.FlushAsync(cancellationToken).ConfigureAwait(false);
        TakeRefused();
        foreach (var slot in _toDelete.Where(s => (_table.MarksOf(s) & (ProductMarks.Put | ProductMarks.Kept)) == 0))
        {
            await DeleteAsync(slot, cancellationToken).ConfigureAwait(false);
        }

        _toDelete.Clear();
        await _bulk.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask DeleteAsync(int slot, CancellationToken cancellationToken)
    {
        var marks = _table.MarksOf(slot);
        if ((marks & ProductMarks.Written) != 0 || (_cloned && (marks & ProductMarks.Previous) != 0))
        {
            _sequence++;
            await _bulk!.DeleteAsync(slot, _table.IdOf(slot), _sequence, VersionOf(_sequence), cancellationToken).ConfigureAwait(false);
        }
    }

    private void TakeRefused()
    {
        foreach (var refusal in _bulk!.TakeRefused())
        {
            if (!_table.Refuse(refusal.Slot, refusal.Sequence))
            {
                continue;
            }

            var refused = new RefusedProduct(_table.IdOf(refusal.Slot), refusal.Type, refusal.Reason);
            _refused.Add(refused);
            JournalUnlessUnkeyed(j => j.Refuse(refused));
            if ((_table.MarksOf(refusal.Slot) & ProductMarks.Rewritten) != 0)
            {
                _toDelete.Add(refusal.Slot);
            }

            if (_refused.Count > CatalogLimits.RefusedProducts)
            {
                throw new InvalidDataException($"OpenSearch refused more than {CatalogLimits.RefusedProducts} products of '{_request.Catalog}', so the index does not fit them. The last: {refused.Code}, {refused.Reason}");
            }
        }
    }

    /// <summary>What the new generation takes over from the live one: all of a clone but what goes; into an empty index, what stays.</summary>
    private async ValueTask CarryOnAsync(bool deleteOthers, CancellationToken cancellationToken)
    {
        if (Live is not { } live)
        {
            return;
        }

        if (!_cloned)
        {
            await IndexScan.DocumentsAsync(
                _context,
                live.Index,
                id => _table.SlotOf(id) is >= 0 and var slot && _table.Survives(slot, deleteOthers) && (_table.MarksOf(slot) & ProductMarks.Put) == 0,
                SameModel && _request.Dimensions > 0,
                product =>
                {
                    _sequence++;
                    return WriteAsync(_table.SlotOf(product.Product.Id), product, cancellationToken);
                },
                cancellationToken).ConfigureAwait(false);
            return;
        }

        for (var slot = 0; slot < _table.Count; slot++)
        {
            if (!_table.Survives(slot, deleteOthers))
            {
                await DeleteAsync(slot, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Compares the index with what was done, product by product, and takes out what this build never wrote: what a run wrote after its last checkpoint, before it was killed.
    /// </summary>
    /// <exception cref="InvalidDataException">A product is not as it was written; the next build starts anew.</exception>
    private async ValueTask<(int Products, int WithVector)> ReconcileAsync(bool deleteOthers, CancellationToken cancellationToken)
    {
        var (strangers, damaged) = await IndexScan.CompareAsync(_context, _index!.Name, _table, deleteOthers, cancellationToken).ConfigureAwait(false);
        if (damaged > 0)
        {
            await _lease.SaveAsync(checkpoint: null, cancellationToken).ConfigureAwait(false);
            _keepForNext = false;
            throw new InvalidDataException($"{damaged} products of '{_request.Catalog}' are not in the new index as they were written. It is not swapped in; run the reindex again, it starts anew.");
        }

        foreach (var id in strangers)
        {
            _sequence++;
            await _bulk!.DeleteAsync(-1, id, _sequence, VersionOf(_sequence), cancellationToken).ConfigureAwait(false);
        }

        if (strangers.Count > 0)
        {
            Log.StrangersRemoved(_context.Logger, _lease.Catalog, strangers.Count, _index.Name);
            await _bulk!.FlushAsync(cancellationToken).ConfigureAwait(false);
            await _index.RefreshAsync(cancellationToken).ConfigureAwait(false);
        }

        return await _index.CountAsync(cancellationToken).ConfigureAwait(false);
    }

    private void InheritAttachments()
    {
        if (SameModel)
        {
            foreach (var (name, file) in Live!.Attachments)
            {
                _attachments.TryAdd(name, file);
            }
        }
    }

    private ValueTask<StoredFile> WriteFileAsync(string kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{kind}.{_lease.Catalog}.{_lease.Run}.{_files++}");
        return _context.Outage.RideOutAsync("writing a file", token => _context.States.WriteFileAsync(_lease.Catalog, id, content, token), cancellationToken);
    }

    /// <summary>Whether an abandoned build was making what this one is to make, from the same start.</summary>
    private bool Continues(BuildCheckpoint abandoned) =>
        abandoned.Key == _key && !_before.Lost && abandoned.BaseGeneration == (Live?.Info.Number ?? 0)
        && (_request.EmbeddingModel.Length == 0 || (abandoned.EmbeddingModel == _request.EmbeddingModel && abandoned.Dimensions == _request.Dimensions))
        && abandoned.Definition == IndexDefinition.Of(_context, abandoned.Dimensions, _request.Analyzer).Digest;

    private ValueTask<List<byte[]>?> FilesAsync(IEnumerable<StoredFile> files, CancellationToken cancellationToken) =>
        _context.Outage.RideOutAsync("reading the checkpoint", token => _context.States.ReadFilesAsync(files, token), cancellationToken);
}
