using System.Runtime.InteropServices;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>Collects terms and their postings while a segment is built. Terms keep the number of their first appearance.</summary>
internal sealed class TermIndexBuilder
{
    private const int Fields = (int)TextField.Count;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<Term> _terms = [];
    private readonly PostingArena _arena = new();
    private readonly List<int> _touched = [];
    private uint[] _frequencies = new uint[64 * Fields];
    private int _round = 1;

    /// <summary>Number of terms.</summary>
    public int Count => _terms.Count;

    /// <summary>Terms by number.</summary>
    public IEnumerable<KeyValuePair<string, int>> Terms => _numbers;

    /// <summary>Products that have the term.</summary>
    public int DocumentFrequency(int term) => _terms[term].Products;

    /// <summary>Writes the term's postings to the open section of a file and answers how many bytes they are.</summary>
    public int Write(int term, SegmentFileWriter file)
    {
        ref var found = ref CollectionsMarshal.AsSpan(_terms)[term];
        _arena.Write(found.Postings, file);
        return found.Postings.Length;
    }

    /// <summary>Notes one occurrence in the product being added; answers the term's number.</summary>
    public int Add(string term, TextField field)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, term, out var known);
        if (!known)
        {
            number = _terms.Count;
            _terms.Add(new Term { Last = -1 });
        }

        ref var found = ref CollectionsMarshal.AsSpan(_terms)[number];
        if (found.Round != _round)
        {
            (found.Round, found.Slot) = (_round, _touched.Count * Fields);
            _touched.Add(number);
            if (found.Slot + Fields > _frequencies.Length)
            {
                Array.Resize(ref _frequencies, _frequencies.Length * 2);
            }

            _frequencies.AsSpan(found.Slot, Fields).Clear();
        }

        _frequencies[found.Slot + (int)field]++;
        return number;
    }

    /// <summary>Writes the occurrences of the product into the postings. O(different terms).</summary>
    public void EndProduct(int product)
    {
        Span<byte> bytes = stackalloc byte[VarInt.MaxBytes + 1 + (Fields * VarInt.MaxBytes)];
        var terms = CollectionsMarshal.AsSpan(_terms);
        foreach (var number in _touched)
        {
            ref var term = ref terms[number];
            var length = VarInt.Write(bytes, (uint)(product - term.Last));
            var mask = length++;
            bytes[mask] = 0;
            var frequencies = _frequencies.AsSpan(term.Slot, Fields);
            for (var field = 0; field < Fields; field++)
            {
                if (frequencies[field] > 0)
                {
                    bytes[mask] |= (byte)(1 << field);
                    length += VarInt.Write(bytes[length..], frequencies[field]);
                }
            }

            _arena.Append(ref term.Postings, bytes[..length]);
            term.Last = product;
            term.Products++;
        }

        _touched.Clear();
        _round++;
    }

    private struct Term
    {
        public PostingList Postings;
        public int Last;
        public int Products;
        public int Round;
        public int Slot;
    }
}
