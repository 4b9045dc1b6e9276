using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>
/// Every product of a build: its stamp in the generation the build started from, and what the build did to it. Not thread-safe. About 90 bytes a product and its id:
/// a million products take some 110 MB, and never more than twice that while it grows.
/// </summary>
internal sealed class ProductTable
{
    private const int FirstCapacity = 64;
    private int[] _buckets = new int[FirstCapacity * 2];
    private Entry[] _entries = new Entry[FirstCapacity];
    private byte[] _ids = new byte[FirstCapacity * 16];
    private int _idBytes;

    /// <summary>Products known, gone ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Products of the generation the build started from.</summary>
    public int Previous { get; private set; }

    /// <summary>Products kept and not put since.</summary>
    public int Kept { get; private set; }

    /// <summary>Products put that are not of the generation before.</summary>
    public int Added { get; private set; }

    /// <summary>Products put over one of the generation before.</summary>
    public int Updated { get; private set; }

    /// <summary>Products of the generation before that were deleted and not put again.</summary>
    public int Deleted { get; private set; }

    /// <summary>Whether nothing was put or deleted.</summary>
    public bool IsUntouched => Added == 0 && Updated == 0 && Deleted == 0;

    /// <summary>The state of a slot.</summary>
    public ProductMarks MarksOf(int slot) => _entries[slot].Marks;

    /// <summary>The id of a slot.</summary>
    public string IdOf(int slot) => Encoding.UTF8.GetString(_ids.AsSpan(_entries[slot].IdStart, _entries[slot].IdLength));

    /// <summary>Adds a product of the generation the build starts from.</summary>
    public void AddPrevious(string id, ProductStamp stamp)
    {
        var slot = SlotFor(id);
        ref var entry = ref _entries[slot];
        entry.Stamp = stamp;
        entry.Marks |= ProductMarks.Previous;
        Previous++;
    }

    /// <summary>The stamp in the generation before; null when it is not there.</summary>
    public ProductStamp? Find(string id)
    {
        var slot = SlotOf(id);
        return slot >= 0 && Has(slot, ProductMarks.Previous) ? _entries[slot].Stamp : null;
    }

    /// <summary>Keeps a product; false when it is not in the generation before, or was kept, put or deleted.</summary>
    public bool Keep(string id)
    {
        var slot = SlotOf(id);
        if (slot < 0 || (_entries[slot].Marks & (ProductMarks.Previous | ProductMarks.Kept | ProductMarks.Put | ProductMarks.Deleted | ProductMarks.Written)) != ProductMarks.Previous)
        {
            return false;
        }

        ref var entry = ref _entries[slot];
        entry.Marks |= ProductMarks.Kept;
        entry.Sum = SumOf(id, entry.Stamp);
        Kept++;
        return true;
    }

    /// <summary>Puts a product.</summary>
    /// <returns>Its slot.</returns>
    public int Put(string id, ProductStamp stamp, uint sequence)
    {
        var slot = SlotFor(id);
        Forget(slot);
        ref var entry = ref _entries[slot];
        entry.Marks |= ProductMarks.Put | (Has(slot, ProductMarks.Written) ? ProductMarks.Rewritten : ProductMarks.Written) | (stamp.HasVector ? ProductMarks.Vector : 0);
        entry.Sequence = sequence;
        entry.Sum = SumOf(id, stamp);
        if ((entry.Marks & ProductMarks.Previous) != 0)
        {
            Updated++;
        }
        else
        {
            Added++;
        }

        return slot;
    }

    /// <summary>Deletes a product; -1 when there is none of the id.</summary>
    public int Delete(string id)
    {
        var slot = SlotOf(id);
        if (slot < 0 || Has(slot, ProductMarks.Deleted) || (!Has(slot, ProductMarks.Previous) && !Has(slot, ProductMarks.Put)))
        {
            return -1;
        }

        Forget(slot);
        if (Has(slot, ProductMarks.Previous))
        {
            _entries[slot].Marks |= ProductMarks.Deleted;
            Deleted++;
        }

        return slot;
    }

    /// <summary>
    /// The index refused what was put: the product is as if it had not been. One that this build had put before is deleted, because what it was is overwritten.
    /// </summary>
    /// <param name="slot">The product.</param>
    /// <param name="sequence">Which write was refused; null for the last.</param>
    /// <returns>False when it was put again since, so that the refusal does not matter.</returns>
    public bool Refuse(int slot, uint? sequence)
    {
        if (!Has(slot, ProductMarks.Put) || (sequence is { } refused && _entries[slot].Sequence != refused))
        {
            return false;
        }

        Forget(slot);
        if (Has(slot, ProductMarks.Previous) && Has(slot, ProductMarks.Rewritten))
        {
            _entries[slot].Marks |= ProductMarks.Deleted;
            Deleted++;
        }

        return true;
    }

    /// <summary>Whether the finished generation holds the product.</summary>
    /// <param name="slot">The product.</param>
    /// <param name="deleteOthers">Whether those neither kept nor put go.</param>
    public bool Survives(int slot, bool deleteOthers)
    {
        var marks = _entries[slot].Marks;
        return (marks & (ProductMarks.Put | ProductMarks.Kept)) != 0
            || (!deleteOthers && (marks & ProductMarks.Previous) != 0 && (marks & ProductMarks.Deleted) == 0);
    }

    /// <summary>Whether the finished generation holds a vector of the product.</summary>
    /// <param name="slot">A product that survives.</param>
    /// <param name="sameModel">Whether vectors of the generation before go on.</param>
    public bool HasVector(int slot, bool sameModel) =>
        Has(slot, ProductMarks.Put) ? Has(slot, ProductMarks.Vector) : sameModel && _entries[slot].Stamp.HasVector;

    /// <summary>What the finished generation holds.</summary>
    /// <param name="deleteOthers">Whether products neither kept nor put go.</param>
    /// <param name="sameModel">Whether vectors of the generation before go on.</param>
    /// <returns>Products, those with a vector, documents that a clone carries along dead, and the digest.</returns>
    public (int Products, int WithVector, int Gone, UInt128 Sum) Expect(bool deleteOthers, bool sameModel)
    {
        var (products, withVector, gone, sum) = (0, 0, 0, UInt128.Zero);
        for (var slot = 0; slot < Count; slot++)
        {
            if (!Survives(slot, deleteOthers))
            {
                gone++;
                continue;
            }

            products++;
            withVector += HasVector(slot, sameModel) ? 1 : 0;
            gone += Has(slot, ProductMarks.Put) && Has(slot, ProductMarks.Previous) ? 1 : 0;
            sum += SumOf(slot);
        }

        return (products, withVector, gone, sum);
    }

    /// <summary>What the product adds to the digest of the finished generation.</summary>
    public UInt128 SumOf(int slot) => (_entries[slot].Marks & (ProductMarks.Put | ProductMarks.Kept)) != 0 ? _entries[slot].Sum : SumOf(IdOf(slot), _entries[slot].Stamp);

    /// <summary>A product's part of a generation's digest, which is their sum: the order does not matter, and one can be taken out.</summary>
    public static UInt128 SumOf(string id, ProductStamp stamp)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetByteCount(id) + 40];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, stamp.Content.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], stamp.Content.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], stamp.Embedding.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], stamp.Embedding.Low);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], stamp.Version);
        Encoding.UTF8.GetBytes(id, bytes[40..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    /// <summary>The slot of an id; -1 when it is unknown.</summary>
    public int SlotOf(string id)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(id.Length)];
        return _buckets[BucketOf(utf8[..Encoding.UTF8.GetBytes(id, utf8)])] - 1;
    }

    private int SlotFor(string id)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(id.Length)];
        utf8 = utf8[..Encoding.UTF8.GetBytes(id, utf8)];
        var bucket = BucketOf(utf8);
        if (_buckets[bucket] > 0)
        {
            return _buckets[bucket] - 1;
        }

        if (Count == _entries.Length)
        {
            Grow();
            bucket = BucketOf(utf8);
        }

        if (_idBytes + utf8.Length > _ids.Length)
        {
            Array.Resize(ref _ids, Math.Max(_ids.Length * 2, _idBytes + utf8.Length));
        }

        utf8.CopyTo(_ids.AsSpan(_idBytes));
        _entries[Count] = new Entry { IdStart = _idBytes, IdLength = (ushort)utf8.Length };
        _idBytes += utf8.Length;
        _buckets[bucket] = ++Count;
        return Count - 1;
    }

    private bool Has(int slot, ProductMarks mark) => (_entries[slot].Marks & mark) != 0;

    /// <summary>Undoes what the build did to a product, as far as the counts go.</summary>
    private void Forget(int slot)
    {
        ref var entry = ref _entries[slot];
        var previous = (entry.Marks & ProductMarks.Previous) != 0;
        Kept -= Has(slot, ProductMarks.Kept) ? 1 : 0;
        Deleted -= Has(slot, ProductMarks.Deleted) ? 1 : 0;
        Added -= Has(slot, ProductMarks.Put) && !previous ? 1 : 0;
        Updated -= Has(slot, ProductMarks.Put) && previous ? 1 : 0;
        entry.Marks &= ProductMarks.Previous | ProductMarks.Written | ProductMarks.Rewritten;
    }

    private int BucketOf(ReadOnlySpan<byte> id)
    {
        var hash = default(HashCode);
        hash.AddBytes(id);
        var bucket = hash.ToHashCode() & (_buckets.Length - 1);
        while (_buckets[bucket] > 0 && !Matches(_buckets[bucket] - 1, id))
        {
            bucket = (bucket + 1) & (_buckets.Length - 1);
        }

        return bucket;
    }

    private bool Matches(int slot, ReadOnlySpan<byte> id) => _ids.AsSpan(_entries[slot].IdStart, _entries[slot].IdLength).SequenceEqual(id);

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = new int[_entries.Length * 2];
        for (var slot = 0; slot < Count; slot++)
        {
            _buckets[BucketOf(_ids.AsSpan(_entries[slot].IdStart, _entries[slot].IdLength))] = slot + 1;
        }
    }

    private struct Entry
    {
        public ProductStamp Stamp;
        public UInt128 Sum;
        public int IdStart;
        public uint Sequence;
        public ushort IdLength;
        public ProductMarks Marks;
    }
}
