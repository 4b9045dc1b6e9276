using System.Runtime.InteropServices;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>Collects terms and their postings while a segment is built. Terms keep the number of their first appearance.</summary>
internal sealed class TermIndexBuilder
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<TermPostingsBuilder> _terms = [];
    private long[] _occurrences = new long[256];
    private int _pending;

    /// <summary>Number of terms.</summary>
    public int Count => _terms.Count;

    /// <summary>Terms by number.</summary>
    public IEnumerable<KeyValuePair<string, int>> Terms => _numbers;

    /// <summary>Postings of a term.</summary>
    public TermPostingsBuilder this[int term] => _terms[term];

    /// <summary>Notes one occurrence in the product being added; answers the term's number.</summary>
    public int Add(string term, TextField field)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, term, out var known);
        if (!known)
        {
            number = _terms.Count;
            _terms.Add(new TermPostingsBuilder());
        }

        if (_pending == _occurrences.Length)
        {
            Array.Resize(ref _occurrences, _pending * 2);
        }

        _occurrences[_pending++] = ((long)number << 8) | (long)field;
        return number;
    }

    /// <summary>Writes the occurrences of the product into the postings. O(tokens · log tokens).</summary>
    public void EndProduct(int product)
    {
        var occurrences = _occurrences.AsSpan(0, _pending);
        occurrences.Sort();
        Span<uint> frequencies = stackalloc uint[(int)TextField.Count];
        for (var i = 0; i < occurrences.Length;)
        {
            var term = occurrences[i] >> 8;
            frequencies.Clear();
            for (; i < occurrences.Length && occurrences[i] >> 8 == term; i++)
            {
                frequencies[(int)(occurrences[i] & 0xFF)]++;
            }

            _terms[(int)term].Add(product, frequencies);
        }

        _pending = 0;
    }

    /// <summary>One term's postings.</summary>
    internal sealed class TermPostingsBuilder
    {
        private ByteBuffer _bytes;
        private int _last = -1;

        public int DocumentFrequency { get; private set; }

        public ReadOnlySpan<byte> Bytes => _bytes.Written;

        public void Add(int product, ReadOnlySpan<uint> frequencies)
        {
            _bytes.AddVarInt((uint)(product - _last));
            _last = product;
            DocumentFrequency++;
            var mask = 0;
            for (var f = 0; f < frequencies.Length; f++)
            {
                mask |= frequencies[f] > 0 ? 1 << f : 0;
            }

            _bytes.AddByte((byte)mask);
            foreach (var frequency in frequencies)
            {
                if (frequency > 0)
                {
                    _bytes.AddVarInt(frequency);
                }
            }
        }
    }
}
