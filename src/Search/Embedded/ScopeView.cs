using System.Numerics.Tensors;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// A generation as one scope sees it: the bitmap of visible products and the statistics over exactly those (counts, average field
/// lengths, document frequencies), so that hidden products influence no score, count or correction. Shared by all scopes with the same
/// fingerprint. Making one is O(products); a term's postings are made at first use, O(its postings), and kept within a bound.
/// </summary>
internal sealed unsafe class ScopeView
{
    private const int NormTableSize = 512;
    private readonly BoundedCache<ViewTerm, TermPostings> _terms;
    private readonly BoundedCache<ViewTerm, VisibleValues> _values;
    private readonly long _number;
    private readonly BoundedCache<string, string> _displayNames = new(1 << 21);
    private readonly BoundedCache<string, string> _corrections = new(1 << 20);
    private readonly BoundedCache<string, string[]> _compounds = new(1 << 20);
    private readonly float[][] _norms;
    private readonly float[] _slopes = new float[(int)TextField.Count];
    private readonly float[] _offsets = new float[(int)TextField.Count];
    private readonly float _k1;

    public ScopeView(CatalogGeneration generation, ProductFilter filter, Bm25FOptions options, long number, BoundedCache<ViewTerm, TermPostings> terms, BoundedCache<ViewTerm, VisibleValues> values)
    {
        Generation = generation;
        Visible = FilterBitmaps.Visible(generation, filter);
        Count = Bits.Count(Visible);
        _k1 = options.K1;
        _number = number;
        _terms = terms;
        _values = values;
        _norms = [.. Enumerable.Range(0, (int)TextField.Count).Select(f => Norms((TextField)f, options))];
    }

    public CatalogGeneration Generation { get; }

    /// <summary>The visible products.</summary>
    public ulong[] Visible { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    public bool Sees(int ordinal) => Bits.Has(Visible, ordinal);

    /// <summary>The visible product with the id, or -1.</summary>
    public int Find(string id)
    {
        var ordinal = Generation.Find(id);
        return ordinal >= 0 && Sees(ordinal) ? ordinal : -1;
    }

    /// <summary>The term in this view; empty when no visible product has it.</summary>
    public TermPostings Term(string term)
    {
        if (_terms.TryGet(new ViewTerm(_number, term), out var cached))
        {
            return cached!;
        }

        var made = Make(term);
        _terms.Add(new ViewTerm(_number, term), made, made.Bytes + (term.Length * sizeof(char)));
        return made;
    }

    /// <summary>All visible values of a keyword field, or of the names of specifications; made at first use.</summary>
    public VisibleValues Values(string key, Func<ScopeView, string, VisibleValues> make)
    {
        if (_values.TryGet(new ViewTerm(_number, key), out var cached))
        {
            return cached!;
        }

        var made = make(this, key);
        _values.Add(new ViewTerm(_number, key), made, made.Bytes + (key.Length * sizeof(char)));
        return made;
    }

    /// <summary>A remembered correction of a term (empty: there is none), or null when it was not looked for yet.</summary>
    public string? Correction(string term) => _corrections.TryGet(term, out var corrected) ? corrected : null;

    public void RememberCorrection(string term, string corrected) =>
        _corrections.Add(term, corrected, 96 + ((term.Length + corrected.Length) * sizeof(char)));

    /// <summary>Remembered other spelling of a compound (none: it has none), or null when it was not looked for yet.</summary>
    public string[]? Compound(string written) => _compounds.TryGet(written, out var other) ? other : null;

    public void RememberCompound(string written, string[] other) => _compounds.Add(written, other, 200 + (written.Length * 4));

    /// <summary>The value as the visible product with the smallest id among those that have it writes it.</summary>
    public string DisplayName(string field, string value)
    {
        var key = $"{field}\0{value}";
        if (_displayNames.TryGet(key, out var known))
        {
            return known!;
        }

        var name = FindDisplayName(field, value);
        _displayNames.Add(key, name, 128 + ((key.Length + name.Length) * sizeof(char)));
        return name;
    }

    private string FindDisplayName(string field, string value)
    {
        // By id, not by ordinal: where products lie depends on hidden ones, and on builds long ago.
        var first = -1;
        var utf8 = Encoding.UTF8.GetBytes(value);
        for (var s = 0; s < Generation.Segments.Length; s++)
        {
            var segment = Generation.Segments[s];
            var keyword = segment.FindKeyword(field, utf8);
            if (keyword < 0)
            {
                continue;
            }

            var source = segment.KeywordPostings(keyword);
            var ordinal = Generation.Base(s) - 1;
            for (var i = segment.KeywordProducts(keyword); i > 0; i--)
            {
                ordinal += (int)VarInt.Read(ref source);
                if (Sees(ordinal) && (first < 0 || Generation.IdRanks[ordinal] < Generation.IdRanks[first]))
                {
                    first = ordinal;
                }
            }
        }

        return first < 0
            ? value
            : Core.Catalog.ProductFields.Raw(Generation.Product(first), field).FirstOrDefault(raw => Core.Catalog.Keyword.Normalize(raw) == value)?.Trim() ?? value;
    }

    private TermPostings Make(string term)
    {
        Span<byte> buffer = stackalloc byte[512];
        if (!Encoding.UTF8.TryGetBytes(term, buffer, out var length))
        {
            return TermPostings.Empty;
        }

        var ordinals = new List<int>();
        var impacts = new List<float>();
        for (var s = 0; s < Generation.Segments.Length; s++)
        {
            var number = Generation.Segments[s].FindTerm(buffer[..length]);
            if (number >= 0)
            {
                ordinals.EnsureCapacity(ordinals.Count + Generation.Segments[s].DocumentFrequency(number));
                Collect(Generation.Segments[s], Generation.Base(s), number, ordinals, impacts);
            }
        }

        if (ordinals.Count == 0)
        {
            return TermPostings.Empty;
        }

        var idf = MathF.Log(1 + ((Count - ordinals.Count + .5f) / (ordinals.Count + .5f)));
        var scores = impacts.ToArray();
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = idf * (scores[i] * (_k1 + 1) / (_k1 + scores[i]));
        }

        return new TermPostings([.. ordinals], scores, idf, TensorPrimitives.Max<float>(scores));
    }

    private void Collect(SegmentReader segment, int firstOrdinal, int term, List<int> ordinals, List<float> frequencies)
    {
        var source = segment.Postings(term);
        var product = -1;
        for (var i = segment.DocumentFrequency(term); i > 0; i--)
        {
            product += (int)VarInt.Read(ref source);
            if ((uint)product >= (uint)segment.Count)
            {
                throw new InvalidDataException($"{segment.Name}: the postings are damaged. Verify the catalog, then index it again.");
            }

            var frequency = 0f;
            for (int mask = *source++, field = 0; mask != 0; mask >>= 1, field++)
            {
                if ((mask & 1) != 0)
                {
                    frequency += VarInt.Read(ref source) * Norm(field, segment.Lengths((TextField)field)[product]);
                }
            }

            if (Sees(firstOrdinal + product))
            {
                ordinals.Add(firstOrdinal + product);
                frequencies.Add(frequency);
            }
        }
    }

    private float Norm(int field, ushort length)
    {
        var table = _norms[field];
        return length < table.Length ? table[length] : 1 / (_offsets[field] + (_slopes[field] * length));
    }

    /// <summary>weight / (1 − b + b · length / average) by length; the average is over the visible products that have the field.</summary>
    private float[] Norms(TextField field, Bm25FOptions options)
    {
        var (weight, b) = options.Of(field);
        long sum = 0, filled = 0;
        for (var s = 0; s < Generation.Segments.Length; s++)
        {
            var lengths = Generation.Segments[s].Lengths(field);
            for (var i = 0; i < lengths.Length; i++)
            {
                if (lengths[i] > 0 && Sees(Generation.Base(s) + i))
                {
                    sum += lengths[i];
                    filled++;
                }
            }
        }

        var average = filled == 0 ? 1 : (float)sum / filled;
        _offsets[(int)field] = (1 - b) / weight;
        _slopes[(int)field] = b / average / weight;
        var table = new float[NormTableSize];
        for (var length = 0; length < table.Length; length++)
        {
            table[length] = 1 / (_offsets[(int)field] + (_slopes[(int)field] * length));
        }

        return table;
    }
}
