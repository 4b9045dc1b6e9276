using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// An opened generation: its segments, one ordinal space over them, and the columns that ranking reads. Immutable but for its count of
/// readers; unmapped when replaced and the last reader has left. Opening is O(products) over columns and keyword lists, whose checksums are read: some .3 s a million.
/// </summary>
internal sealed class CatalogGeneration
{
    private readonly SegmentReader[] _segments;
    private readonly int[] _bases;
    private readonly RecentProducts _recent;
    private int _readers = 1;

    /// <exception cref="InvalidDataException">A file is damaged or of another version.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public CatalogGeneration(string catalog, GenerationFiles files, IIndexDirectory directory)
    {
        Catalog = catalog;
        Files = files;
        Analyzer = AnalyzerOf(files);
        _segments = Open(files, directory);
        try
        {
            _bases = new int[_segments.Length];
            for (var i = 1; i < _bases.Length; i++)
            {
                _bases[i] = _bases[i - 1] + _segments[i - 1].Count;
            }

            Count = _segments.Sum(s => s.Count);
            _recent = new RecentProducts(Count);
            Live = LiveProducts(directory);
            LiveCount = Bits.Count(Live);
            Brands = GlobalColumn(ProductFields.Brand, s => s.Brands);
            Classes = GlobalColumn(ProductFields.Class, s => s.Classes);
            Parents = GlobalColumn(ProductFields.Category, s => s.Parents);
            (IdRanks, ByIdRank) = RankIds();
        }
        catch
        {
            Array.ForEach(_segments, s => s.Dispose());
            throw;
        }
    }

    public string Catalog { get; }

    public GenerationFiles Files { get; }

    public long Number => Files.Info.Number;

    public ITextAnalyzer Analyzer { get; }

    /// <summary>Ordinals, deleted products included.</summary>
    public int Count { get; }

    public ulong[] Live { get; }

    public int LiveCount { get; }

    public int Dimensions => Files.Info.Dimensions;

    public ReadOnlySpan<SegmentReader> Segments => _segments;

    /// <summary>Number of the brand by ordinal, equal numbers for equal brands over all segments, in the order of the values' bytes; -1 for none.</summary>
    public ValueColumn Brands { get; }

    /// <summary>The same for the class.</summary>
    public ValueColumn Classes { get; }

    /// <summary>The same for the category above the leaf.</summary>
    public ValueColumn Parents { get; }

    /// <summary>Rank of the product's id in byte order, by ordinal: what breaks ties.</summary>
    public int[] IdRanks { get; }

    /// <summary>Ordinal by id rank.</summary>
    public int[] ByIdRank { get; }

    /// <summary>First ordinal of a segment.</summary>
    public int Base(int segment) => _bases[segment];

    /// <summary>The segment of an ordinal and the product's number in it. O(segments), of which there are a handful.</summary>
    public (SegmentReader Segment, int Product) Locate(int ordinal)
    {
        var segment = SegmentOf(ordinal);
        return (_segments[segment], ordinal - _bases[segment]);
    }

    /// <summary>Index of the segment an ordinal is in.</summary>
    public int SegmentOf(int ordinal)
    {
        var i = _bases.Length - 1;
        while (_bases[i] > ordinal)
        {
            i--;
        }

        return i;
    }

    public string Id(int ordinal)
    {
        var (segment, product) = Locate(ordinal);
        return segment.Id(product);
    }

    /// <summary>The product, decoded unless it was read lately.</summary>
    /// <exception cref="InvalidDataException">The stored product is damaged.</exception>
    public Product Product(int ordinal)
    {
        if (_recent.Find(ordinal) is { } recent)
        {
            return recent;
        }

        var (segment, number) = Locate(ordinal);
        var product = segment.Product(number);
        _recent.Keep(ordinal, product, segment.StoredBytes(number));
        return product;
    }

    /// <summary>The term of a single word; null for what is no word, a stop word or more than one.</summary>
    public string? TermOf(string word)
    {
        var tokens = new List<TextToken>(1);
        Analyzer.Analyze(word, tokens);
        return tokens.Count == 1 ? tokens[0].Term : null;
    }

    /// <summary>The live product with the id, or -1.</summary>
    /// <param name="id">The id.</param>
    /// <param name="near">It may well be there or right behind, and is then found without a search; any number.</param>
    public int Find(string id, int near = -2)
    {
        Span<byte> bytes = stackalloc byte[CatalogLimits.IdBytes];
        if (!Encoding.UTF8.TryGetBytes(id, bytes, out var length))
        {
            return -1;
        }

        for (var guess = Math.Max(near, 0); guess <= near + 1 && guess < Count; guess++)
        {
            if (Bits.Has(Live, guess) && IdBytes(guess).SequenceEqual(bytes[..length]))
            {
                return guess;
            }
        }

        for (var i = 0; i < _segments.Length; i++)
        {
            var ordinal = Find(i, bytes[..length]);
            if (ordinal >= 0)
            {
                return ordinal;
            }
        }

        return -1;
    }

    private ReadOnlySpan<byte> IdBytes(int ordinal)
    {
        var (segment, product) = Locate(ordinal);
        return segment.IdBytes(product);
    }

    private int Find(int segment, ReadOnlySpan<byte> id)
    {
        var reader = _segments[segment];
        var order = reader.IdOrder;
        for (var at = reader.FirstAtOrAbove(id); at < order.Length && reader.IdBytes(order[at]).SequenceEqual(id); at++)
        {
            if (Bits.Has(Live, _bases[segment] + order[at]))
            {
                return _bases[segment] + order[at];
            }
        }

        return -1;
    }

    public VectorBlock[] VectorBlocks() => [.. _segments.Select((s, i) => s.Vectors(_bases[i]))];

    /// <summary>Enters as a reader; false when the generation is already gone.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var readers = Volatile.Read(ref _readers);
            if (readers == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _readers, readers + 1, readers) == readers)
            {
                return true;
            }
        }
    }

    /// <summary>Leaves; the owner's own leave is the retirement. The last one unmaps the files.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            foreach (var segment in _segments)
            {
                segment.Dispose();
            }
        }
    }

    private static ITextAnalyzer AnalyzerOf(GenerationFiles files)
    {
        try
        {
            return TextAnalyzers.Get(files.Analyzer);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static SegmentReader[] Open(GenerationFiles files, IIndexDirectory directory)
    {
        var opened = new List<SegmentReader>();
        try
        {
            foreach (var segment in files.Segments)
            {
                opened.Add(new SegmentReader(directory.PathOf(segment.Segment)));
            }

            return [.. opened];
        }
        catch
        {
            opened.ForEach(s => s.Dispose());
            throw;
        }
    }

    private ulong[] LiveProducts(IIndexDirectory directory)
    {
        var live = Bits.New(Count);
        Bits.Fill(live, Count);
        for (var i = 0; i < _segments.Length; i++)
        {
            if (Files.Segments[i].Tombstones is not { } name)
            {
                continue;
            }

            var deleted = Tombstones.Read(directory, name, _segments[i].Count);
            for (var product = 0; product < _segments[i].Count; product++)
            {
                if (Bits.Has(deleted, product))
                {
                    Bits.Clear(live, _bases[i] + product);
                }
            }
        }

        return live;
    }

    private ValueColumn GlobalColumn(string field, ColumnOf column)
    {
        var numbers = new int[Count];
        if (_segments.Length == 1)
        {
            column(_segments[0]).CopyTo(numbers);
            var range = _segments[0].KeywordFields.TryGetValue(field, out var found) ? found : default;
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = numbers[i] < 0 ? -1 : numbers[i] - range.First;
            }

            return new ValueColumn(numbers, range.End - range.First, n => _segments[0].Keyword(range.First + n));
        }

        var values = _segments
            .Where(s => s.KeywordFields.ContainsKey(field))
            .SelectMany(s => Enumerable.Range(s.KeywordFields[field].First, s.KeywordFields[field].End - s.KeywordFields[field].First).Select(s.Keyword))
            .Distinct(StringComparer.Ordinal)
            .Order(Utf8Order.Instance)
            .ToArray();
        var byValue = values.Select((v, i) => (v, i)).ToDictionary(p => p.v, p => p.i, StringComparer.Ordinal);
        for (var s = 0; s < _segments.Length; s++)
        {
            var local = column(_segments[s]);
            var range = _segments[s].KeywordFields.TryGetValue(field, out var found) ? found : default;
            var map = Enumerable.Range(range.First, range.End - range.First).Select(v => byValue[_segments[s].Keyword(v)]).ToArray();
            for (var i = 0; i < local.Length; i++)
            {
                numbers[_bases[s] + i] = local[i] < 0 ? -1 : map[local[i] - range.First];
            }
        }

        return new ValueColumn(numbers, values.Length, n => values[n]);
    }

    private (int[] Ranks, int[] Ordinals) RankIds()
    {
        var ordinals = new int[Count];
        if (_segments.Length == 1)
        {
            _segments[0].IdOrder.CopyTo(ordinals);
        }
        else
        {
            MergeIds(ordinals);
        }

        var ranks = new int[Count];
        for (var rank = 0; rank < ordinals.Length; rank++)
        {
            ranks[ordinals[rank]] = rank;
        }

        return (ranks, ordinals);
    }

    private void MergeIds(int[] ordinals)
    {
        var at = new int[_segments.Length];
        for (var rank = 0; rank < ordinals.Length; rank++)
        {
            var best = -1;
            for (var s = 0; s < _segments.Length; s++)
            {
                if (at[s] < _segments[s].Count
                    && (best < 0 || _segments[s].IdBytes(_segments[s].IdOrder[at[s]]).SequenceCompareTo(_segments[best].IdBytes(_segments[best].IdOrder[at[best]])) < 0))
                {
                    best = s;
                }
            }

            ordinals[rank] = _bases[best] + _segments[best].IdOrder[at[best]++];
        }
    }

    private delegate ReadOnlySpan<int> ColumnOf(SegmentReader segment);
}
