using System.Runtime.InteropServices;
using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>
/// Builds one segment: products are analysed and encoded as they come (stored texts go straight to the file, the rest stays in memory
/// until <see cref="Finish"/>). Words and keywords of a batch of products are indexed side by side; the file does not depend on it. O(tokens) a product; memory about 1 KB a product of 60 tokens with a 256-dimensional vector.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    /// <summary>Products indexed at a time.</summary>
    private const int BatchSize = 128;

    private readonly ITextAnalyzer _analyzer;
    private readonly int _dimensions;
    private readonly SegmentFileWriter _file;
    private readonly TermIndexBuilder _terms = new();
    private readonly KeywordIndexBuilder _keywords = new();
    private readonly List<TextToken> _tokens = [];
    private readonly List<string> _texts = [];
    private readonly List<(string Field, string Value)> _values = [];
    private readonly List<(Product Product, int Number)> _pending = new(BatchSize);
    private readonly List<string> _ids = [];
    private readonly List<long> _storedOffsets = [0];
    private readonly List<long> _forwardOffsets = [0];
    private readonly List<ushort>[] _lengths = [.. Enumerable.Range(0, (int)TextField.Count).Select(_ => new List<ushort>())];
    private readonly List<int> _brands = [];
    private readonly List<int> _classes = [];
    private readonly List<int> _parents = [];
    private readonly List<long> _prices = [];
    private readonly List<double> _ratings = [];
    private readonly List<int> _ratingCounts = [];
    private readonly List<long> _released = [];
    private readonly List<ContentHash> _hashes = [];
    private readonly List<sbyte> _codes = [];
    private readonly List<float> _scales = [];
    private readonly List<long> _versions = [];
    private bool _versioned;
    private ByteBuffer _scratch;
    private ByteBuffer _forward;

    public SegmentWriter(Stream stream, ITextAnalyzer analyzer, int dimensions)
    {
        _analyzer = analyzer;
        _dimensions = dimensions;
        _file = new SegmentFileWriter(stream);
        _file.Begin(SegmentSection.Stored);
    }

    /// <summary>Products added so far.</summary>
    public int Count => _ids.Count;

    /// <summary>Adds a product. Its number is the <see cref="Count"/> before the call.</summary>
    public void Add(in IndexedProduct item)
    {
        AddWithoutVector(item.Product, item.ContentHash, item.EmbeddingHash, item.Version);
        if (_dimensions == 0)
        {
            return;
        }

        VectorQuantizer.Quantize(item.Vector.Span, VectorRow(), out var scale);
        _scales.Add(scale);
    }

    /// <summary>Copies a product of another segment, its quantised vector included.</summary>
    public void Copy(SegmentReader source, int product, bool withVector)
    {
        var (content, embedding) = source.Hashes(product);
        AddWithoutVector(source.Product(product), content, embedding, source.Version(product));
        if (_dimensions == 0)
        {
            return;
        }

        var codes = VectorRow();
        var same = withVector && source.Dimensions == _dimensions;
        if (same)
        {
            source.VectorCodes(product).CopyTo(codes);
        }

        _scales.Add(same ? source.VectorScale(product) : 0);
    }

    /// <summary>Bytes held in memory for the segment, roughly; the store starts another segment when they grow too many.</summary>
    public long MemoryBytes => _forward.Length * 3L + _codes.Count + (_ids.Count * 400L);

    /// <summary>Writes everything and answers the file's size. The caller syncs the file.</summary>
    public long Finish()
    {
        IndexPending();
        _file.Section<long>(SegmentSection.StoredOffsets, Span(_storedOffsets));
        WriteIds();
        _file.Section<ContentHash>(SegmentSection.Hashes, Span(_hashes));
        WriteTerms();
        _file.Begin(SegmentSection.FieldLengths);
        foreach (var lengths in _lengths)
        {
            _file.Write(MemoryMarshal.AsBytes(Span(lengths)));
        }

        _file.Section(SegmentSection.Forward, _forward.Written);
        _file.Section<long>(SegmentSection.ForwardOffsets, Span(_forwardOffsets));
        WriteKeywords();
        _file.Section<long>(SegmentSection.PriceColumn, Span(_prices));
        _file.Section<double>(SegmentSection.RatingColumn, Span(_ratings));
        _file.Section<int>(SegmentSection.RatingCountColumn, Span(_ratingCounts));
        _file.Section<long>(SegmentSection.ReleasedColumn, Span(_released));
        _file.Section<sbyte>(SegmentSection.VectorCodes, Span(_codes));
        _file.Section<float>(SegmentSection.VectorScales, Span(_scales));
        WriteSigns();
        _file.Section<long>(SegmentSection.Versions, _versioned ? Span(_versions) : []);
        WriteMeta();
        return _file.Finish();
    }

    public void Dispose() => _file.Dispose();

    private void AddWithoutVector(Product product, ContentHash content, ContentHash embedding, long version)
    {
        var number = _ids.Count;
        _ids.Add(product.Id);
        _hashes.Add(content);
        _hashes.Add(embedding);
        _versions.Add(version);
        _versioned |= version != 0;
        Store(product);
        _prices.Add(product.Price is { } price ? PriceOf(price) : SegmentFormat.NoPrice);
        _ratings.Add(ProductFields.RatingOf(product) is null ? double.NaN : product.Rating!.Value);
        _ratingCounts.Add(product.RatingCount);
        _released.Add(product.ReleasedAt?.UtcTicks ?? long.MinValue);
        _pending.Add((product, number));
        if (_pending.Count == BatchSize)
        {
            IndexPending();
        }
    }

    /// <summary>Words and keywords go to structures that share nothing, so each is filled by a thread of its own, in the order of the products.</summary>
    private void IndexPending()
    {
        Parallel.Invoke(
            () =>
            {
                foreach (var (product, number) in _pending)
                {
                    AnalyzeFields(product);
                    _terms.EndProduct(number);
                }
            },
            () =>
            {
                foreach (var (product, number) in _pending)
                {
                    AddKeywords(product, number);
                }
            });
        _pending.Clear();
    }

    /// <summary>Refuses what a column cannot hold, before anything of the product is written.</summary>
    /// <exception cref="ArgumentException">Id, price or rating is out of its contract.</exception>
    public static void Check(Product product)
    {
        if (Encoding.UTF8.GetByteCount(product.Id) is < 1 or > CatalogLimits.IdBytes)
        {
            throw new ArgumentException($"A product's id has 1 to {CatalogLimits.IdBytes} bytes of UTF-8.", nameof(product));
        }

        if (product.Id.EnumerateRunes().Contains(Rune.ReplacementChar) && !product.Id.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new ArgumentException("A product's id must be well-formed text: it holds half of a surrogate pair.", nameof(product));
        }

        if (product.Rating is { } rating && !double.IsFinite(rating))
        {
            throw new ArgumentException($"The rating of '{product.Id}' is not a number.", nameof(product));
        }

        if (product.Price is { } price)
        {
            PriceOf(price);
        }
    }

    /// <summary>The price in its column's unit.</summary>
    /// <exception cref="ArgumentException">More than four decimals, or too large.</exception>
    internal static long PriceOf(decimal price)
    {
        return Math.Abs(price) < SegmentFormat.HighestPrice && price * SegmentFormat.PriceScale is var scaled && scaled == decimal.Truncate(scaled)
            ? (long)scaled
            : throw new ArgumentException($"The price {price} has more than four decimals or is too large.", nameof(price));
    }

    private void Store(Product product)
    {
        _scratch.Clear();
        ProductCodec.Write(ref _scratch, product);
        _file.Write(_scratch.Written);
        _storedOffsets.Add(_storedOffsets[^1] + _scratch.Length);
    }

    private void AnalyzeFields(Product product)
    {
        for (var field = default(TextField); field < TextField.Count; field++)
        {
            _tokens.Clear();
            _texts.Clear();
            SearchText.Add(product, field, _texts);
            foreach (var text in _texts)
            {
                _analyzer.Analyze(text, _tokens);
            }

            _lengths[(int)field].Add((ushort)Math.Min(_tokens.Count, ushort.MaxValue));
            _forward.AddVarInt((uint)_tokens.Count);
            foreach (var token in CollectionsMarshal.AsSpan(_tokens))
            {
                _forward.AddVarInt((uint)_terms.Add(token.Term, field));
            }
        }

        _forwardOffsets.Add(_forward.Length);
    }

    private void AddKeywords(Product product, int number)
    {
        int brand = -1, kind = -1, parent = -1, level = 0;
        _values.Clear();
        ProductFields.Collect(product, SegmentFormat.IsKeyword, _values);
        foreach (var (field, value) in _values)
        {
            var keyword = _keywords.Add(field, value, number);
            switch (field)
            {
                case ProductFields.Brand:
                    brand = keyword;
                    break;
                case ProductFields.Class:
                    kind = keyword;
                    break;
                case ProductFields.Category when ++level == ParentLevel(product):
                    parent = keyword;
                    break;
                default:
                    break;
            }
        }

        if (level < product.CategoryPath.Length)
        {
            // Some prefix names nothing, so that those that are there cannot be counted.
            var path = Keyword.Normalize(string.Join(ProductFields.CategorySeparator, product.CategoryPath.AsSpan(0, ParentLevel(product))!));
            parent = path.Length == 0 ? -1 : _keywords.Add(ProductFields.Category, path, number);
        }

        if (!product.RestrictedRegions.IsEmpty && !ProductFields.Values(product, ProductFields.RestrictedRegions).Any())
        {
            _keywords.Add(SegmentFormat.BlankRestrictionField, SegmentFormat.Marked, number);
        }

        AddWords(product.Name, number);
        AddWords(product.Brand, number);
        AddWords(product.Class, number);

        _brands.Add(brand);
        _classes.Add(kind);
        _parents.Add(parent);
    }

    private static int ParentLevel(Product product) => Math.Max(1, product.CategoryPath.Length - 1);

    private void AddWords(string text, int number)
    {
        var normal = Keyword.Normalize(text);
        var position = 0;
        while (SuggestionWords.Next(normal, ref position, out var word))
        {
            _keywords.Add(SegmentFormat.WordField, normal.AsSpan()[word], number);
        }
    }

    private Span<sbyte> VectorRow()
    {
        var start = _codes.Count;
        CollectionsMarshal.SetCount(_codes, start + VectorLayout.Stride(_dimensions));
        return CollectionsMarshal.AsSpan(_codes)[start..];
    }

    private void WriteIds()
    {
        var offsets = new int[_ids.Count + 1];
        var blob = default(ByteBuffer);
        for (var i = 0; i < _ids.Count; i++)
        {
            blob.AddUtf8(_ids[i]);
            offsets[i + 1] = blob.Length;
        }

        var order = new int[_ids.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort([.. _ids], order, Utf8Order.Instance);
        _file.Section(SegmentSection.Ids, blob.Written);
        _file.Section<int>(SegmentSection.IdOffsets, offsets);
        _file.Section<int>(SegmentSection.IdOrder, order);
    }

    private void WriteTerms()
    {
        var texts = new string[_terms.Count];
        foreach (var (term, number) in _terms.Terms)
        {
            texts[number] = term;
        }

        var blob = default(ByteBuffer);
        var offsets = new int[texts.Length + 1];
        var frequencies = new int[texts.Length];
        var postingOffsets = new long[texts.Length + 1];
        var order = new int[texts.Length];
        _file.Begin(SegmentSection.Postings);
        for (var i = 0; i < texts.Length; i++)
        {
            blob.AddUtf8(texts[i]);
            offsets[i + 1] = blob.Length;
            frequencies[i] = _terms.DocumentFrequency(i);
            postingOffsets[i + 1] = postingOffsets[i] + _terms.Write(i, _file);
            order[i] = i;
        }

        Array.Sort(texts, order, Utf8Order.Instance);
        _file.Section<long>(SegmentSection.PostingOffsets, postingOffsets);
        _file.Section(SegmentSection.Terms, blob.Written);
        _file.Section<int>(SegmentSection.TermOffsets, offsets);
        _file.Section<int>(SegmentSection.TermOrder, order);
        _file.Section<int>(SegmentSection.DocumentFrequencies, frequencies);
    }

    private void WriteKeywords()
    {
        var fields = default(ByteBuffer);
        var blob = default(ByteBuffer);
        var offsets = new List<int> { 0 };
        var postingOffsets = new List<long> { 0 };
        var counts = new List<int>();
        var sortedNumbers = new int[_keywords.Count];
        fields.AddVarInt((uint)_keywords.Fields.Count());
        _file.Begin(SegmentSection.KeywordPostings);
        foreach (var field in _keywords.Fields)
        {
            fields.AddString(field);
            fields.AddVarInt((uint)counts.Count);
            var first = counts.Count;
            foreach (var (value, number) in _keywords.Sorted(field))
            {
                sortedNumbers[number] = counts.Count;
                blob.AddUtf8(value);
                offsets.Add(blob.Length);
                var (length, count) = _keywords.Write(number, _file);
                postingOffsets.Add(postingOffsets[^1] + length);
                counts.Add(count);
            }

            fields.AddVarInt((uint)(counts.Count - first));
        }

        _file.Section<long>(SegmentSection.KeywordPostingOffsets, Span(postingOffsets));
        _file.Section(SegmentSection.KeywordFields, fields.Written);
        _file.Section(SegmentSection.KeywordValues, blob.Written);
        _file.Section<int>(SegmentSection.KeywordOffsets, Span(offsets));
        _file.Section<int>(SegmentSection.KeywordCounts, Span(counts));
        WriteColumn(SegmentSection.BrandColumn, _brands, sortedNumbers);
        WriteColumn(SegmentSection.ClassColumn, _classes, sortedNumbers);
        WriteColumn(SegmentSection.ParentColumn, _parents, sortedNumbers);
    }

    private void WriteColumn(SegmentSection section, List<int> values, int[] sortedNumbers)
    {
        var column = new int[values.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = values[i] < 0 ? -1 : sortedNumbers[values[i]];
        }

        _file.Section<int>(section, column);
    }

    private void WriteSigns()
    {
        _file.Begin(SegmentSection.VectorSigns);
        if (_dimensions == 0)
        {
            return;
        }

        var block = new byte[VectorLayout.SignBlockBytes(_dimensions)];
        var blockCodes = VectorLayout.BlockRows * VectorLayout.Stride(_dimensions);
        var codes = Span(_codes);
        for (var start = 0; start < codes.Length; start += blockCodes)
        {
            SignBlock.Write(codes[start..Math.Min(start + blockCodes, codes.Length)], _dimensions, block);
            _file.Write(block);
        }
    }

    private void WriteMeta()
    {
        var meta = default(ByteBuffer);
        meta.AddString(_analyzer.Name);
        meta.AddVarInt((uint)_dimensions);
        meta.AddVarInt((uint)_ids.Count);
        meta.AddVarInt((uint)_terms.Count);
        meta.AddVarInt((uint)_keywords.Count);
        _file.Section(SegmentSection.Meta, meta.Written);
    }

    private static ReadOnlySpan<T> Span<T>(List<T> list) => CollectionsMarshal.AsSpan(list);
}
