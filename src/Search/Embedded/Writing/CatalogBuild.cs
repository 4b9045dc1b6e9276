using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>
/// A new generation over the files of the live one: changed products go to new segments, replaced and deleted ones get tombstones, and
/// segments that are mostly dead or too many are rewritten. Files are synced before the manifest names them.
/// </summary>
internal sealed class CatalogBuild : ICatalogBuild
{
    /// <summary>Held by whoever writes a catalog.</summary>
    internal const string LockFile = "write.lock";


    private readonly OpenCatalogs _catalogs;
    private readonly IIndexDirectory _directory;
    private readonly IDisposable _lock;
    private readonly Manifest _manifest;
    private readonly bool _isManifestLost;
    private readonly BaseGeneration _base;
    private readonly ITextAnalyzer _analyzer;
    private readonly NewSegments _new;
    private readonly SortedDictionary<string, string> _attachments = new(StringComparer.Ordinal);
    private CatalogBuildRequest _request;
    private BuildLog? _log;
    private string? _key;
    private bool _begun;
    private GenerationFiles? _finished;
    private CatalogGeneration? _candidate;
    private EmbeddedIndex? _candidateIndex;
    private int _attached;
    private int _updated;

    private CatalogBuild(OpenCatalogs catalogs, IIndexDirectory directory, CatalogBuildRequest request, IDisposable exclusive, Manifest manifest, long lostNumber)
    {
        _catalogs = catalogs;
        _directory = directory;
        _request = request;
        _lock = exclusive;
        _manifest = manifest;
        _isManifestLost = lostNumber > 0;
        _analyzer = TextAnalyzers.Get(request.Analyzer);
        Generation = Math.Max(manifest.NextNumber, lostNumber + 1);
        _new = new NewSegments(catalogs.Options, directory, _analyzer, Generation) { Dimensions = request.Dimensions };
        _base = BaseGeneration.Open(request.Catalog, manifest, directory);
    }

    public long Generation { get; }

    public int PreviousProducts => _base.LiveCount;

    public GenerationInfo? Unchanged =>
        SameModel && !Reanalyze && _new.Count == 0 && _base.KeptCount == _base.LiveCount ? _base.Files!.Info : null;

    public ICatalogIndex Candidate => _candidateIndex ?? throw new InvalidOperationException("Finish the build before asking its candidate.");

    /// <summary>Segments of another analyzer cannot be kept; their products are read from them and analysed again.</summary>
    private bool Reanalyze => _base.Files is { } files && files.Analyzer != _analyzer.Name;

    /// <summary>Vectors of another model cannot be kept either.</summary>
    private bool SameModel => _base.Files is { } files && files.Info.EmbeddingModel == _request.EmbeddingModel && files.Info.Dimensions == _request.Dimensions;

    private long BaseNumber => _manifest.Generations.IsEmpty ? 0 : _manifest.Generations[0].Info.Number;

    public static CatalogBuild Begin(OpenCatalogs catalogs, Func<string, IIndexDirectory> directories, CatalogBuildRequest request)
    {
        if (!CatalogName.IsValid(request.Catalog))
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", $"That is no catalog name: {CatalogName.Rule}.");
        }

        CheckDimensions(request.Dimensions);
        var directory = directories(catalogs.FolderOf(request.Catalog));
        var exclusive = directory.TryLock(LockFile) ?? throw new CatalogBusyException(request.Catalog);
        try
        {
            var manifest = LoadManifest(directory, out var lostNumber);
            return new CatalogBuild(catalogs, directory, request, exclusive, manifest, lostNumber);
        }
        catch
        {
            exclusive.Dispose();
            throw;
        }
    }

    /// <summary>Deletes files that no generation names: left over by an abandoned build, or of a generation that was dropped.</summary>
    public static void RemoveUnnamed(IIndexDirectory directory, Manifest manifest)
    {
        var named = manifest.Files.ToHashSet(StringComparer.Ordinal);
        foreach (var file in directory.List().Where(f => f != LockFile && !named.Contains(f)))
        {
            directory.Delete(file);
        }
    }

    /// <summary>Whatever passes the checks of <see cref="PutAsync"/> is indexed.</summary>
    public IReadOnlyList<RefusedProduct> Refused => [];

    public void UseEmbeddings(string modelId, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(modelId);
        Unfinished();
        CheckDimensions(dimensions);
        if (_request.EmbeddingModel == modelId && _request.Dimensions == dimensions)
        {
            return;
        }

        if (_new.Segments.Count > 0 || _base.KeptCount > 0)
        {
            throw new InvalidOperationException("The embedding model must be set before the first product is kept or put.");
        }

        _request = _request with { EmbeddingModel = modelId, Dimensions = dimensions };
        _new.Dimensions = dimensions;
        if (_log is not null)
        {
            StartLog();
        }
    }

    public ValueTask<long> ResumeAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BuildKey.Demand(key);
        if (_begun || _key is not null)
        {
            throw new InvalidOperationException("A build is resumed once, before anything is written.");
        }

        _key = key;
        var abandoned = _isManifestLost ? null : BuildLogReader.TryOpen(_directory);
        if (abandoned is null || !Continues(abandoned.Snapshot) || SealedIds(abandoned.Snapshot) is not { } sealedIds)
        {
            return ValueTask.FromResult(0L);
        }

        Restore(abandoned, sealedIds);
        return ValueTask.FromResult(abandoned.Done);
    }

    public ValueTask CheckpointAsync(long done, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThan(done, 1);
        if (_key is not null)
        {
            Begun();
            _log!.Checkpoint(done);
        }

        return ValueTask.CompletedTask;
    }

    public ProductStamp? Find(string id) => _base.Find(id);

    public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadVectorsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>([.. ids.Select(id => SameModel ? _base.VectorOf(id) : default)]);
    }

    public void Keep(string id)
    {
        Begun();
        var ordinal = _base.Keep(id);
        _log?.Keep(ordinal);
    }

    public ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Unfinished();
        SegmentWriter.Check(product.Product);
        if (!product.Vector.IsEmpty && product.Vector.Length != _request.Dimensions)
        {
            throw new ArgumentException($"The vector of '{product.Product.Id}' has {product.Vector.Length} dimensions, the build {_request.Dimensions}.", nameof(product));
        }

        Begun();
        Take(product);
        _log?.Put(product);
        if (_new.IsFull)
        {
            _new.Seal();
            if (_log is not null)
            {
                StartLog();
            }
        }

        return ValueTask.CompletedTask;
    }

    public bool Delete(string id)
    {
        Begun();
        if (!TakeOut(id))
        {
            return false;
        }

        _log?.Delete(id);
        return true;
    }

    public async ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Begun();
        var file = Attachments.FileName(Generation, _attached++, content.Span);
        var stream = _directory.Create(file);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        }

        _directory.Sync(file);
        _attachments[name] = file;
        _log?.Attach(name, file);
    }

    public ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = _attachments.GetValueOrDefault(name) ?? _base.Files?.Attachments.GetValueOrDefault(name);
        return ValueTask.FromResult(file is null ? null : Attachments.Read(_directory, file) ?? throw new InvalidDataException($"The attachment '{name}' of the catalog '{_request.Catalog}' is damaged or gone."));
    }

    public ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken)
    {
        if (!deleteOthers && _base.Files is null && (_isManifestLost || !_manifest.Generations.IsEmpty))
        {
            throw new InvalidDataException($"The live generation of '{_request.Catalog}' cannot be read, so an incremental build would lose it. Index the whole catalog again.");
        }

        Begun();
        var segments = _base.CarryOn(_new, deleteOthers, Reanalyze || !SameModel, SameModel, cancellationToken);
        _new.Seal();
        segments.AddRange(_new.Files());
        InheritAttachments();
        var files = new GenerationFiles(
            new GenerationInfo(_request.Catalog, Generation, _catalogs.Time.GetUtcNow(), 0, _request.EmbeddingModel, _request.Dimensions, _request.Note, 0),
            _analyzer.Name,
            [.. segments],
            _attachments.ToImmutableSortedDictionary(StringComparer.Ordinal));

        // Opened as a reader would, to count what is there.
        _candidate = new CatalogGeneration(_request.Catalog, files, _directory);
        var report = Count(_candidate, files.Files.Sum(f => new FileInfo(_directory.PathOf(f)).Length));
        _finished = files with { Info = files.Info with { Products = report.Products, Bytes = report.Bytes } };
        _candidateIndex = new EmbeddedIndex(new CandidateCatalog(_catalogs, _catalogs.Serve(_candidate, _directory)), _catalogs.Logger);
        return ValueTask.FromResult(report);
    }

    public ValueTask<GenerationInfo> CommitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var finished = _finished ?? throw new InvalidOperationException("Finish the build before committing it.");
        var manifest = new Manifest([finished, .. _manifest.Generations.Take(Manifest.MaxGenerations - 1)]);
        manifest.Save(_directory);
        _catalogs.Reload(_request.Catalog);
        RemoveUnnamed(_directory, manifest);
        return ValueTask.FromResult(finished.Info);
    }

    public ValueTask DisposeAsync()
    {
        try
        {
            var worthless = _begun && _finished is null && Unchanged is not null;
            Close(_log);
            Close(_new);
            if (worthless)
            {
                // Everything was found as it is: there is nothing to go on with.
                RemoveUnnamed(_directory, _manifest);
            }

            _candidate?.Leave();
            _base.Dispose();
        }
        finally
        {
            _lock.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static void Close(IDisposable? files)
    {
        try
        {
            files?.Dispose();
        }
        catch (IOException)
        {
            // A full disk: what could not be flushed belongs to no generation, and the lock must be given back.
        }
    }

    /// <summary>A damaged manifest must not stand in the way of indexing anew: the build then starts from nothing.</summary>
    private static Manifest LoadManifest(IIndexDirectory directory, out long lostNumber)
    {
        lostNumber = 0;
        try
        {
            return Manifest.Load(directory);
        }
        catch (InvalidDataException)
        {
            lostNumber = Manifest.HighestNumberIn(directory);
            return Manifest.Empty;
        }
    }

    private static void CheckDimensions(int dimensions)
    {
        if (dimensions is < 0 or > VectorLayout.MaxDimensions)
        {
            throw new CatalogRequestException(CatalogErrors.OutOfRange, "dimensions", $"Vectors have at most {VectorLayout.MaxDimensions} dimensions.");
        }
    }

    /// <summary>What comes after the files are closed would be lost without a word.</summary>
    private void Unfinished()
    {
        if (_finished is not null)
        {
            throw new InvalidOperationException("The build is finished: commit it, or begin another.");
        }
    }

    /// <summary>Before the first write of a build that continues none: what an abandoned one left goes, and the log starts.</summary>
    private void Begun()
    {
        Unfinished();
        if (_begun)
        {
            return;
        }

        _begun = true;
        if (!_isManifestLost)
        {
            // Behind an unreadable manifest lie files that could still be repaired: they stay until something new is committed.
            RemoveUnnamed(_directory, _manifest);
        }

        if (_key is not null)
        {
            StartLog();
        }
    }

    private void Take(in IndexedProduct product)
    {
        if (!_new.Put(product) && _base.TakeOut(product.Product.Id).Known)
        {
            _updated++;
        }
    }

    private bool TakeOut(string id)
    {
        var wasPut = _new.Delete(id);
        var (known, wasThere) = _base.TakeOut(id);
        _updated -= wasPut && known ? 1 : 0;
        return wasPut || wasThere;
    }

    /// <summary>A log of the build as it is now; no segment is open.</summary>
    private void StartLog()
    {
        Close(_log);
        _log = null;
        _log = BuildLog.Start(_directory, new BuildSnapshot(
            BuildSnapshot.CurrentFormat,
            _key!,
            Generation,
            BaseNumber,
            _analyzer.Name,
            _request.EmbeddingModel,
            _request.Dimensions,
            MemoryMarshal.AsBytes(_base.Kept.AsSpan()).ToArray(),
            MemoryMarshal.AsBytes(_base.Gone.AsSpan()).ToArray(),
            [.. _new.Segments],
            _attachments.ToImmutableSortedDictionary(StringComparer.Ordinal),
            _attached));
    }

    /// <summary>Whether an abandoned build was making what this one is to make, from the same start.</summary>
    private bool Continues(BuildSnapshot abandoned) =>
        abandoned.Format == BuildSnapshot.CurrentFormat && abandoned.Key == _key && abandoned.Generation == Generation && abandoned.BaseGeneration == BaseNumber && abandoned.Analyzer == _analyzer.Name
        && (_request.EmbeddingModel.Length == 0 || (abandoned.EmbeddingModel == _request.EmbeddingModel && abandoned.Dimensions == _request.Dimensions))
        && abandoned.Kept.Length == _base.Kept.Length * sizeof(ulong) && abandoned.Gone.Length == abandoned.Kept.Length
        && abandoned.Attachments.Values.All(f => Attachments.Read(_directory, f) is not null);

    /// <summary>The ids in each closed segment of an abandoned build; null when one is missing or damaged.</summary>
    private List<string[]>? SealedIds(BuildSnapshot abandoned)
    {
        try
        {
            var ids = new List<string[]>();
            foreach (var segment in abandoned.Segments)
            {
                using var reader = new SegmentReader(_directory.PathOf(segment.Name));
                ids.Add([.. Enumerable.Range(0, reader.Count).Select(reader.Id)]);
            }

            return ids;
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            return null;
        }
    }

    private void Restore(BuildLogReader abandoned, List<string[]> sealedIds)
    {
        var snapshot = abandoned.Snapshot;
        _begun = true;
        _request = _request with { EmbeddingModel = snapshot.EmbeddingModel, Dimensions = snapshot.Dimensions };
        _new.Dimensions = snapshot.Dimensions;
        _base.Restore(MemoryMarshal.Cast<byte, ulong>(snapshot.Kept), MemoryMarshal.Cast<byte, ulong>(snapshot.Gone));
        for (var s = 0; s < sealedIds.Count; s++)
        {
            _new.Restore(snapshot.Segments[s].Name, sealedIds[s], snapshot.Segments[s].Dead);
        }

        _updated = _new.Ids.Count(_base.Knows);
        foreach (var (name, file) in snapshot.Attachments)
        {
            _attachments[name] = file;
        }

        _attached = snapshot.Attached;
        abandoned.Replay(
            ordinal => Bits.Set(_base.Kept, ordinal),
            product => Take(product),
            id => TakeOut(id),
            (name, file) =>
            {
                _attachments[name] = file;
                _attached++;
            });
        _log = BuildLog.Continue(_directory, abandoned.Length);
    }

    /// <summary>What was attached before and not replaced still belongs to the generation while its model does.</summary>
    private void InheritAttachments()
    {
        if (SameModel)
        {
            foreach (var (name, file) in _base.Files!.Attachments)
            {
                _attachments.TryAdd(name, file);
            }
        }
    }

    private CatalogBuildReport Count(CatalogGeneration generation, long bytes)
    {
        var withVector = 0;
        for (var s = 0; s < generation.Segments.Length && _request.Dimensions > 0; s++)
        {
            for (var product = 0; product < generation.Segments[s].Count; product++)
            {
                withVector += generation.Segments[s].VectorScale(product) > 0 && Bits.Has(generation.Live, generation.Base(s) + product) ? 1 : 0;
            }
        }

        var kept = generation.LiveCount - _new.Count;
        return new CatalogBuildReport(generation.LiveCount, _new.Count - _updated, _updated, kept, PreviousProducts - _updated - kept, withVector, bytes);
    }
}
