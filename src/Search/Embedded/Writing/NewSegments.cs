using System.Globalization;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>The segments that a build writes, the last of them still open, and which product of them is the current one of each id. Not thread-safe.</summary>
internal sealed class NewSegments(EmbeddedCatalogOptions options, IIndexDirectory directory, ITextAnalyzer analyzer, long generation) : IDisposable
{
    private readonly Dictionary<string, (int Segment, int Product)> _current = new(StringComparer.Ordinal);
    private readonly List<NewSegment> _segments = [];
    private SegmentWriter? _writer;

    /// <summary>Dimensions of the vectors; set before the first product.</summary>
    public int Dimensions { get; set; }

    /// <summary>Ids of the current products.</summary>
    public IReadOnlyCollection<string> Ids => _current.Keys;

    /// <summary>Current products.</summary>
    public int Count => _current.Count;

    public int MaxSegments => options.MaxSegments;

    /// <summary>All of them, the open one included.</summary>
    public IReadOnlyList<NewSegment> Segments => _segments;

    /// <summary>Whether the open segment has all the products or memory it may have.</summary>
    public bool IsFull => _writer is { } writer && (writer.Count >= options.SegmentProducts || writer.MemoryBytes >= options.SegmentMemoryBytes);

    /// <summary>Adds a product; one of the same id put earlier is dead from now on.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Put(in IndexedProduct product)
    {
        var writer = Writer();
        var id = product.Product.Id;
        var replaces = _current.TryGetValue(id, out var earlier);
        if (replaces)
        {
            _segments[earlier.Segment].Dead.Add(earlier.Product);
        }

        _current[id] = (_segments.Count - 1, writer.Count);
        writer.Add(product);
        return replaces;
    }

    /// <summary>Takes a product out again; false when none of the id was put.</summary>
    public bool Delete(string id)
    {
        if (!_current.Remove(id, out var earlier))
        {
            return false;
        }

        _segments[earlier.Segment].Dead.Add(earlier.Product);
        return true;
    }

    /// <summary>Copies a product of the generation before, which is not one of the current ones.</summary>
    public void Copy(SegmentReader source, int product, bool withVector)
    {
        Writer().Copy(source, product, withVector);
        if (IsFull)
        {
            Seal();
        }
    }

    /// <summary>Closes and syncs the open segment.</summary>
    public void Seal()
    {
        if (_writer is null)
        {
            return;
        }

        _segments[^1] = _segments[^1] with { Count = _writer.Count };
        _writer.Finish();
        _writer.Dispose();
        _writer = null;
        directory.Sync(_segments[^1].Name);
    }

    /// <summary>Takes a closed segment of an abandoned build over, whose products are these ids in order.</summary>
    public void Restore(string name, IReadOnlyList<string> ids, IReadOnlyList<int> dead)
    {
        var gone = dead.ToHashSet();
        for (var product = 0; product < ids.Count; product++)
        {
            if (!gone.Contains(product))
            {
                _current[ids[product]] = (_segments.Count, product);
            }
        }

        _segments.Add(new NewSegment(name, ids.Count, [.. dead]));
    }

    /// <summary>The files of all closed segments, as the generation sees them.</summary>
    public IEnumerable<SegmentFiles> Files() => _segments.Select(s => WithTombstones(s.Name, s.Count, s.Dead));

    public SegmentFiles WithTombstones(string segment, int count, IReadOnlyCollection<int> dead)
    {
        if (dead.Count == 0)
        {
            return new SegmentFiles(segment, null, 0);
        }

        var deleted = Bits.New(count);
        foreach (var product in dead)
        {
            Bits.Set(deleted, product);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"deleted-{generation}-{Path.GetFileNameWithoutExtension(segment)}.bits");
        Tombstones.Write(directory, name, deleted);
        return new SegmentFiles(segment, name, dead.Count);
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private SegmentWriter Writer()
    {
        if (_writer is null)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"segment-{generation}-{_segments.Count}.seg");
            _writer = new SegmentWriter(directory.Create(name), analyzer, Dimensions);
            _segments.Add(new NewSegment(name, 0, []));
        }

        return _writer;
    }
}
