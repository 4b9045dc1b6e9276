using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>The generation a build starts from, or nothing: what is known of its products, and which of them go on. Not thread-safe.</summary>
internal sealed class BaseGeneration : IDisposable
{
    private readonly CatalogGeneration? _generation;
    private readonly ulong[] _kept;
    private readonly ulong[] _gone;
    private int _last = -1;

    private BaseGeneration(CatalogGeneration? generation)
    {
        _generation = generation;
        _kept = Bits.New(generation?.Count ?? 0);
        _gone = Bits.New(generation?.Count ?? 0);
    }

    /// <summary>Its files; null when there is none.</summary>
    public GenerationFiles? Files => _generation?.Files;

    public int LiveCount => _generation?.LiveCount ?? 0;

    public int KeptCount => Bits.Count(_kept);

    /// <summary>Products kept, by ordinal.</summary>
    public ulong[] Kept => _kept;

    /// <summary>Products replaced or deleted, by ordinal.</summary>
    public ulong[] Gone => _gone;

    /// <summary>Opens the live generation. A damaged one must not stand in the way of indexing anew: the build then starts from nothing.</summary>
    public static BaseGeneration Open(string catalog, Manifest manifest, IIndexDirectory directory)
    {
        try
        {
            return new BaseGeneration(manifest.Generations.IsEmpty ? null : new CatalogGeneration(catalog, manifest.Generations[0], directory));
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            return new BaseGeneration(null);
        }
    }

    public ProductStamp? Find(string id)
    {
        var ordinal = OrdinalOf(id);
        if (ordinal < 0)
        {
            return null;
        }

        var (segment, product) = _generation!.Locate(ordinal);
        var (content, embedding) = segment.Hashes(product);
        return new ProductStamp(content, embedding, segment.Version(product), segment.Dimensions > 0 && segment.VectorScale(product) != 0);
    }

    public ReadOnlyMemory<float> VectorOf(string id)
    {
        var ordinal = OrdinalOf(id);
        if (ordinal < 0)
        {
            return default;
        }

        var (segment, product) = _generation!.Locate(ordinal);
        if (segment.Dimensions == 0 || segment.VectorScale(product) == 0)
        {
            return default;
        }

        var vector = new float[segment.Dimensions];
        VectorQuantizer.Dequantize(segment.VectorCodes(product), segment.VectorScale(product), vector);
        return vector;
    }

    /// <summary>Keeps a product and answers its ordinal.</summary>
    /// <exception cref="InvalidOperationException">It is not there, or was kept, replaced or deleted.</exception>
    public int Keep(string id)
    {
        var ordinal = OrdinalOf(id);
        if (ordinal < 0 || Bits.Has(_kept, ordinal) || Bits.Has(_gone, ordinal))
        {
            throw new InvalidOperationException($"The product '{id}' cannot be kept: it is not in the previous generation, or it was already kept, put or deleted.");
        }

        Bits.Set(_kept, ordinal);
        return ordinal;
    }

    /// <summary>Takes a product out, because it is replaced or deleted.</summary>
    /// <returns>Whether it is one of this generation, and whether it was still there.</returns>
    public (bool Known, bool WasThere) TakeOut(string id)
    {
        var ordinal = OrdinalOf(id);
        if (ordinal < 0)
        {
            return (false, false);
        }

        var wasThere = !Bits.Has(_gone, ordinal);
        Bits.Clear(_kept, ordinal);
        Bits.Set(_gone, ordinal);
        return (true, wasThere);
    }

    public bool Knows(string id) => OrdinalOf(id) >= 0;

    /// <summary>Takes over what an abandoned build had kept and taken out.</summary>
    public void Restore(ReadOnlySpan<ulong> kept, ReadOnlySpan<ulong> gone)
    {
        kept.CopyTo(_kept);
        gone.CopyTo(_gone);
    }

    /// <summary>The segments that go on, with their tombstones; what is alive in the others is copied to the new ones.</summary>
    /// <param name="target">Where copies go.</param>
    /// <param name="keptOnly">Whether only what was kept is alive; otherwise all but what was taken out.</param>
    /// <param name="rewriteAll">Whether no segment can go on as it is.</param>
    /// <param name="withVectors">Whether vectors are copied, too.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public List<SegmentFiles> CarryOn(NewSegments target, bool keptOnly, bool rewriteAll, bool withVectors, CancellationToken cancellationToken)
    {
        var segments = new List<SegmentFiles>();
        if (_generation is null)
        {
            return segments;
        }

        var alive = keptOnly ? _kept : Survivors();
        var sizes = _generation.Segments.ToArray().Select(s => s.Count).ToArray();
        var counts = sizes.Select((_, s) => CountAlive(alive, s)).ToArray();
        var rewrite = RewritePolicy.Choose(sizes, counts, target.Segments.Count, target.MaxSegments, rewriteAll);
        for (var s = 0; s < counts.Length; s++)
        {
            if (rewrite[s])
            {
                Copy(s, alive, target, withVectors, cancellationToken);
            }
            else if (counts[s] > 0)
            {
                segments.Add(target.WithTombstones(_generation.Files.Segments[s].Segment, sizes[s], [.. DeadIn(s, alive)]));
            }
        }

        return segments;
    }

    public void Dispose() => _generation?.Leave();

    /// <summary>A source mostly has its products in the order they had before, and each is asked for several times.</summary>
    private int OrdinalOf(string id)
    {
        if (_generation is null)
        {
            return -1;
        }

        var found = _generation.Find(id, _last);
        if (found >= 0)
        {
            _last = found;
        }

        return found;
    }

    private ulong[] Survivors()
    {
        ulong[] alive = [.. _generation!.Live];
        Bits.AndNot(alive, _gone);
        return alive;
    }

    private int CountAlive(ulong[] alive, int segment) =>
        Enumerable.Range(_generation!.Base(segment), _generation.Segments[segment].Count).Count(o => Bits.Has(alive, o));

    private IEnumerable<int> DeadIn(int segment, ulong[] alive) =>
        Enumerable.Range(0, _generation!.Segments[segment].Count).Where(p => !Bits.Has(alive, _generation.Base(segment) + p));

    private void Copy(int segment, ulong[] alive, NewSegments target, bool withVectors, CancellationToken cancellationToken)
    {
        var source = _generation!.Segments[segment];
        for (var product = 0; product < source.Count; product++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Bits.Has(alive, _generation.Base(segment) + product))
            {
                target.Copy(source, product, withVectors);
            }
        }
    }
}
