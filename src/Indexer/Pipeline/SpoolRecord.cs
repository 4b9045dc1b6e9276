using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>The bytes of a change in spool and journal: version, flag, digest, id, product.</summary>
internal static class SpoolRecord
{
    private const int FixedBytes = 8 + 1 + 8 + 8 + 2;

    /// <summary>Appends the record of a product.</summary>
    public static void Write(Product product, long version, ArrayBufferWriter<byte> buffer)
    {
        // The product comes last and its digest first: both are made in place.
        var start = buffer.WrittenCount;
        var idBytes = WriteHead(product.Id, version, isDeletion: false, buffer);
        ProductCodec.Write(product, buffer);
        var written = System.Runtime.InteropServices.MemoryMarshal.AsMemory(buffer.WrittenMemory).Span[start..];
        var content = Digests.Of(written[(FixedBytes + idBytes)..]);
        BinaryPrimitives.WriteUInt64LittleEndian(written[9..], content.High);
        BinaryPrimitives.WriteUInt64LittleEndian(written[17..], content.Low);
    }

    public static void WriteDeletion(string id, long version, ArrayBufferWriter<byte> buffer) => WriteHead(id, version, isDeletion: true, buffer);

    public static SpoolEntry Read(ReadOnlyMemory<byte> record)
    {
        var span = record.Span;
        var idBytes = BinaryPrimitives.ReadUInt16LittleEndian(span[25..]);
        return new SpoolEntry(
            Encoding.UTF8.GetString(span.Slice(FixedBytes, idBytes)),
            new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(span[9..]), BinaryPrimitives.ReadUInt64LittleEndian(span[17..])),
            BinaryPrimitives.ReadInt64LittleEndian(span),
            span[8] == 1,
            record[(FixedBytes + idBytes)..]);
    }

    /// <summary>What a record says but for the product itself: it holds the digest of that, and its own length.</summary>
    public static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> record) => record[..(FixedBytes + BinaryPrimitives.ReadUInt16LittleEndian(record[25..]))];

    public static ContentHash KeyOf(ReadOnlySpan<byte> record) => SpoolKey.Of(Encoding.UTF8.GetString(Head(record)[FixedBytes..]));

    private static int WriteHead(string id, long version, bool isDeletion, ArrayBufferWriter<byte> buffer)
    {
        var idBytes = Encoding.UTF8.GetByteCount(id);
        var span = buffer.GetSpan(FixedBytes + idBytes);
        span[..FixedBytes].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(span, version);
        span[8] = isDeletion ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(span[25..], (ushort)idBytes);
        Encoding.UTF8.GetBytes(id, span[FixedBytes..]);
        buffer.Advance(FixedBytes + idBytes);
        return idBytes;
    }
}
