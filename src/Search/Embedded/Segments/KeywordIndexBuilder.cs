using System.Runtime.InteropServices;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>Collects (field, value, product) while a segment is built. Values get numbers in order of appearance; the file stores them sorted.</summary>
internal sealed class KeywordIndexBuilder
{
    private readonly Dictionary<string, FieldValues> _fields = new(StringComparer.Ordinal);
    private readonly List<Value> _values = [];
    private readonly PostingArena _arena = new();

    /// <summary>Fields by name, ordinal order.</summary>
    public IEnumerable<string> Fields => _fields.Keys.Order(StringComparer.Ordinal);

    /// <summary>Notes that the product has the value; answers the value's number. A repeated value of a product is noted once.</summary>
    public int Add(string field, ReadOnlySpan<char> value, int product)
    {
        ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(_fields, field, out _);
        values ??= new FieldValues();
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(values.BySpan, value, out var known);
        if (!known)
        {
            number = _values.Count;
            _values.Add(new Value { Last = -1 });
        }

        ref var found = ref CollectionsMarshal.AsSpan(_values)[number];
        if (product != found.Last)
        {
            Span<byte> bytes = stackalloc byte[VarInt.MaxBytes];
            _arena.Append(ref found.Postings, bytes[..VarInt.Write(bytes, (uint)(product - found.Last))]);
            found.Last = product;
            found.Products++;
        }

        return number;
    }

    /// <summary>The field's values in the order of their bytes, with their numbers.</summary>
    public IEnumerable<KeyValuePair<string, int>> Sorted(string field) =>
        _fields[field].Numbers.OrderBy(v => v.Key, Utf8Order.Instance);

    /// <summary>Writes the products of a value to the open section of a file and answers how many bytes and how many products they are.</summary>
    public (int Length, int Products) Write(int number, SegmentFileWriter file)
    {
        ref var found = ref CollectionsMarshal.AsSpan(_values)[number];
        _arena.Write(found.Postings, file);
        return (found.Postings.Length, found.Products);
    }

    /// <summary>Number of values over all fields.</summary>
    public int Count => _values.Count;

    private sealed class FieldValues
    {
        public FieldValues() => BySpan = Numbers.GetAlternateLookup<ReadOnlySpan<char>>();

        public Dictionary<string, int> Numbers { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> BySpan { get; }
    }

    private struct Value
    {
        public PostingList Postings;
        public int Last;
        public int Products;
    }
}
