using System.Runtime.InteropServices;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>Collects (field, value, product) while a segment is built. Values get numbers in order of appearance; the file stores them sorted.</summary>
internal sealed class KeywordIndexBuilder
{
    private readonly Dictionary<string, FieldValues> _fields = new(StringComparer.Ordinal);
    private readonly List<Posting> _postings = [];

    /// <summary>Fields by name, ordinal order.</summary>
    public IEnumerable<string> Fields => _fields.Keys.Order(StringComparer.Ordinal);

    /// <summary>Notes that the product has the value; answers the value's number. A repeated value of a product is noted once.</summary>
    public int Add(string field, string value, int product)
    {
        ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(_fields, field, out _);
        values ??= new FieldValues();
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(values.Numbers, value, out var known);
        if (!known)
        {
            number = _postings.Count;
            _postings.Add(new Posting());
        }

        _postings[number].Add(product);
        return number;
    }

    /// <summary>The field's values in the order of their bytes, with their numbers.</summary>
    public IEnumerable<KeyValuePair<string, int>> Sorted(string field) =>
        _fields[field].Numbers.OrderBy(v => v.Key, Utf8Order.Instance);

    /// <summary>Encoded products of a value, and how many they are.</summary>
    public (ReadOnlyMemory<byte> Bytes, int Count) Postings(int number) => (_postings[number].Bytes, _postings[number].Count);

    /// <summary>Number of values over all fields.</summary>
    public int Count => _postings.Count;

    private sealed class FieldValues
    {
        public Dictionary<string, int> Numbers { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Posting
    {
        private byte[] _bytes = new byte[8];
        private int _length;
        private int _last = -1;

        public int Count { get; private set; }

        public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

        public void Add(int product)
        {
            if (product == _last)
            {
                return;
            }

            if (_length + VarInt.MaxBytes > _bytes.Length)
            {
                Array.Resize(ref _bytes, _bytes.Length * 2);
            }

            _length += VarInt.Write(_bytes.AsSpan(_length), (uint)(product - _last));
            _last = product;
            Count++;
        }
    }
}
