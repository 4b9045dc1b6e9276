using System.Collections.Immutable;
using System.Globalization;
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
    private CatalogBuildRequest _request;
    private readonly IDisposable _lock;
    private readonly Manifest _manifest;
    private readonly CatalogGeneration? _previous;
    private readonly ITextAnalyzer _analyzer;
    private readonly bool _mayHaveProducts;
    private readonly ulong[] _kept;
    private readonly ulong[] _replaced;
    private readonly Dictionary<string, (int Segment, int Product)> _put = new(StringComparer.Ordinal);
    private readonly List<(string Name, List<int> Dead)> _written = [];
    private readonly SortedDictionary<string, string> _attachments = new(StringComparer.Ordinal);
    private SegmentWriter? _writer;
    private GenerationFiles? _finished;
    private int _attached;
    private int _added;
    private int _updated;

    private CatalogBuild(OpenCatalogs catalogs, IIndexDirectory directory, CatalogBuildRequest request, IDisposable exclusive, Manifest manifest, long number, bool mayHaveProducts)
    {
        _catalogs = catalogs;
        _directory = directory;
        _request = request;
        _lock = exclusive;
        _manifest = manifest;
        _analyzer = TextAnalyzers.Get(request.Analyzer);
        _previous = OpenPrevious(request.Catalog, manifest, directory);
        _mayHaveProducts = mayHaveProducts;
        Generation = number;
        _kept = Bits.New(_previous?.Count ?? 0);
        _replaced = Bits.New(_previous?.Count ?? 0);
    }

    public long Generation { get; }

    public int PreviousProducts => _previous?.LiveCount ?? 0;

    public GenerationInfo? Unchanged =>
        SameModel && !Reanalyze && _put.Count == 0 && Bits.Count(_kept) == _previous!.LiveCount ? _previous.Files.Info : null;

    /// <summary>Segments of another analyzer cannot be kept; their products are read from them and analysed again.</summary>
    private bool Reanalyze => _previous is not null && _previous.Files.Analyzer != _analyzer.Name;

    /// <summary>Vectors of another model cannot be kept either.</summary>
    private bool SameModel => _previous is not null && _previous.Files.Info.EmbeddingModel == _request.EmbeddingModel && _previous.Dimensions == _request.Dimensions;

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
            if (lostNumber == 0)
            {
                // Behind an unreadable manifest lie files that could still be repaired: they stay until something new is committed.
                RemoveUnnamed(directory, manifest);
            }

            return new CatalogBuild(catalogs, directory, request, exclusive, manifest, Math.Max(manifest.NextNumber, lostNumber + 1), lostNumber > 0 || !manifest.Generations.IsEmpty);
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

    public void UseEmbeddings(string modelId, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(modelId);
        Unfinished();
        CheckDimensions(dimensions);
        if (_put.Count > 0 || Bits.Count(_kept) > 0)
        {
            throw new InvalidOperationException("The embedding model must be set before the first product is kept or put.");
        }

        _request = _request with { EmbeddingModel = modelId, Dimensions = dimensions };
    }

    public ValueTask<long> ResumeAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CheckpointAsync(long done, CancellationToken cancellationToken) => throw new NotSupportedException();

    public bool Delete(string id) => throw new NotSupportedException();

    public ICatalogIndex Candidate => throw new NotSupportedException();

    public ProductStamp? Find(string id)
    {
        var ordinal = _previous?.Find(id) ?? -1;
        if (ordinal < 0)
        {
            return null;
        }

        var (segment, product) = _previous!.Locate(ordinal);
        var (content, embedding) = segment.Hashes(product);
        return new ProductStamp(content, embedding, 0, segment.Dimensions > 0 && segment.VectorScale(product) != 0);
    }

    public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadVectorsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>([.. ids.Select(VectorOf)]);
    }

    public void Keep(string id)
    {
        Unfinished();
        var ordinal = _previous?.Find(id) ?? -1;
        if (ordinal < 0 || Bits.Has(_kept, ordinal) || Bits.Has(_replaced, ordinal))
        {
            throw new InvalidOperationException($"The product '{id}' cannot be kept: it is not in the previous generation, or it was already kept or put.");
        }

        Bits.Set(_kept, ordinal);
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

        var writer = Writer();
        var id = product.Product.Id;
        if (_put.TryGetValue(id, out var earlier))
        {
            _written[earlier.Segment].Dead.Add(earlier.Product);
        }
        else
        {
            Replace(id);
        }

        _put[id] = (_written.Count - 1, writer.Count);
        writer.Add(product);
        if (writer.Count >= _catalogs.Options.SegmentProducts || writer.MemoryBytes >= _catalogs.Options.SegmentMemoryBytes)
        {
            CloseWriter();
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Unfinished();
        var file = Attachments.FileName(Generation, _attached++, content.Span);
        var stream = _directory.Create(file);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        }

        _directory.Sync(file);
        _attachments[name] = file;
    }

    public ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_previous?.Files.Attachments.TryGetValue(name, out var file) == true ? Attachments.Read(_directory, file) : null);

    public ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken)
    {
        if (!deleteOthers && _previous is null && _mayHaveProducts)
        {
            throw new InvalidDataException($"The live generation of '{_request.Catalog}' cannot be read, so an incremental build would lose it. Index the whole catalog again.");
        }

        Unfinished();
        var segments = KeepSegments(deleteOthers, cancellationToken);
        CloseWriter();
        foreach (var (name, dead) in _written)
        {
            segments.Add(WithTombstones(name, dead));
        }

        InheritAttachments();
        var files = new GenerationFiles(
            new GenerationInfo(_request.Catalog, Generation, _catalogs.Time.GetUtcNow(), 0, _request.EmbeddingModel, _request.Dimensions, _request.Note, 0),
            _analyzer.Name,
            [.. segments.Where(s => s is not null)],
            _attachments.ToImmutableSortedDictionary(StringComparer.Ordinal));
        var report = ReadBack(files);
        _finished = files with { Info = files.Info with { Products = report.Products, Bytes = report.Bytes } };
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
        _writer?.Dispose();
        _writer = null;
        _previous?.Leave();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A damaged manifest or generation must not stand in the way of indexing anew: the build then starts from nothing.</summary>
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

    private static CatalogGeneration? OpenPrevious(string catalog, Manifest manifest, IIndexDirectory directory)
    {
        try
        {
            return manifest.Generations.IsEmpty ? null : new CatalogGeneration(catalog, manifest.Generations[0], directory);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            return null;
        }
    }

    private ReadOnlyMemory<float> VectorOf(string id)
    {
        var ordinal = SameModel ? _previous!.Find(id) : -1;
        if (ordinal < 0)
        {
            return default;
        }

        var (segment, product) = _previous!.Locate(ordinal);
        if (segment.Dimensions == 0 || segment.VectorScale(product) == 0)
        {
            return default;
        }

        var vector = new float[segment.Dimensions];
        VectorQuantizer.Dequantize(segment.VectorCodes(product), segment.VectorScale(product), vector);
        return vector;
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

    private void Replace(string id)
    {
        var ordinal = _previous?.Find(id) ?? -1;
        if (ordinal < 0)
        {
            _added++;
            return;
        }

        _updated++;
        Bits.Clear(_kept, ordinal);
        Bits.Set(_replaced, ordinal);
    }

    private SegmentWriter Writer()
    {
        if (_writer is null)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"segment-{Generation}-{_written.Count}.seg");
            _writer = new SegmentWriter(_directory.Create(name), _analyzer, _request.Dimensions);
            _written.Add((name, []));
        }

        return _writer;
    }

    private void CloseWriter()
    {
        if (_writer is null)
        {
            return;
        }

        _writer.Finish();
        _writer.Dispose();
        _writer = null;
        _directory.Sync(_written[^1].Name);
    }

    /// <summary>The previous segments that go on, with their tombstones; what is alive in the others is copied into the segment being written.</summary>
    private List<SegmentFiles> KeepSegments(bool deleteOthers, CancellationToken cancellationToken)
    {
        var segments = new List<SegmentFiles>();
        if (_previous is null)
        {
            return segments;
        }

        var alive = deleteOthers ? _kept : Survivors();
        var counts = _previous.Segments.ToArray().Select((s, i) => CountAlive(alive, i)).ToArray();
        var rewrite = RewritePolicy.Choose([.. _previous.Segments.ToArray().Select(s => s.Count)], counts, _written.Count, _catalogs.Options.MaxSegments, Reanalyze || !SameModel);
        for (var s = 0; s < counts.Length; s++)
        {
            if (rewrite[s])
            {
                Copy(s, alive, cancellationToken);
            }
            else if (counts[s] > 0)
            {
                segments.Add(WithTombstones(_previous.Files.Segments[s].Segment, [.. DeadIn(s, alive)]));
            }
        }

        return segments;
    }

    private ulong[] Survivors()
    {
        ulong[] alive = [.. _previous!.Live];
        Bits.AndNot(alive, _replaced);
        return alive;
    }

    private int CountAlive(ulong[] alive, int segment) =>
        Enumerable.Range(_previous!.Base(segment), _previous.Segments[segment].Count).Count(o => Bits.Has(alive, o));

    private IEnumerable<int> DeadIn(int segment, ulong[] alive) =>
        Enumerable.Range(0, _previous!.Segments[segment].Count).Where(p => !Bits.Has(alive, _previous.Base(segment) + p));

    private void Copy(int segment, ulong[] alive, CancellationToken cancellationToken)
    {
        var source = _previous!.Segments[segment];
        for (var product = 0; product < source.Count; product++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Bits.Has(alive, _previous.Base(segment) + product))
            {
                continue;
            }

            var writer = Writer();
            writer.Copy(source, product, withVector: SameModel);
            if (writer.Count >= _catalogs.Options.SegmentProducts || writer.MemoryBytes >= _catalogs.Options.SegmentMemoryBytes)
            {
                CloseWriter();
            }
        }
    }

    private SegmentFiles WithTombstones(string segment, List<int> dead)
    {
        if (dead.Count == 0)
        {
            return new SegmentFiles(segment, null, 0);
        }

        using var reader = new SegmentReader(_directory.PathOf(segment));
        var deleted = Bits.New(reader.Count);
        dead.ForEach(product => Bits.Set(deleted, product));
        var name = string.Create(CultureInfo.InvariantCulture, $"deleted-{Generation}-{Path.GetFileNameWithoutExtension(segment)}.bits");
        Tombstones.Write(_directory, name, deleted);
        return new SegmentFiles(segment, name, dead.Count);
    }

    /// <summary>What was attached before and not replaced still belongs to the generation while its model does.</summary>
    private void InheritAttachments()
    {
        if (SameModel)
        {
            foreach (var (name, file) in _previous!.Files.Attachments)
            {
                _attachments.TryAdd(name, file);
            }
        }
    }

    /// <summary>Opens the files as a reader would and counts what is there.</summary>
    private CatalogBuildReport ReadBack(GenerationFiles files)
    {
        var generation = new CatalogGeneration(_request.Catalog, files, _directory);
        try
        {
            var withVector = 0;
            for (var s = 0; s < generation.Segments.Length && _request.Dimensions > 0; s++)
            {
                for (var product = 0; product < generation.Segments[s].Count; product++)
                {
                    withVector += generation.Segments[s].VectorScale(product) > 0 && Bits.Has(generation.Live, generation.Base(s) + product) ? 1 : 0;
                }
            }

            var bytes = files.Files.Sum(f => new FileInfo(_directory.PathOf(f)).Length);
            var kept = generation.LiveCount - _put.Count;
            return new CatalogBuildReport(generation.LiveCount, _added, _updated, kept, PreviousProducts - _updated - kept, withVector, bytes);
        }
        finally
        {
            generation.Leave();
        }
    }
}
