using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>What a build did since its last checkpoint, in order, in bytes: enough to know of every product what a run that continues must know.</summary>
internal sealed class BuildJournal
{
    private const int StampBytes = 41;
    private readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);

    private enum Step : byte
    {
        Keep = 1,
        Put = 2,
        Delete = 3,
        Refuse = 4,
    }

    /// <summary>The bytes since <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Forgets what was kept.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>A product was kept.</summary>
    public void Keep(string id) => Write(Step.Keep, id);

    /// <summary>A product was put.</summary>
    public void Put(string id, ProductStamp stamp)
    {
        Write(Step.Put, id);
        var span = _bytes.GetSpan(StampBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(span, stamp.Content.High);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], stamp.Content.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(span[16..], stamp.Embedding.High);
        BinaryPrimitives.WriteUInt64LittleEndian(span[24..], stamp.Embedding.Low);
        BinaryPrimitives.WriteInt64LittleEndian(span[32..], stamp.Version);
        span[40] = stamp.HasVector ? (byte)1 : (byte)0;
        _bytes.Advance(StampBytes);
    }

    /// <summary>A product was deleted.</summary>
    public void Delete(string id) => Write(Step.Delete, id);

    /// <summary>A product that was put was refused.</summary>
    public void Refuse(RefusedProduct refused)
    {
        Write(Step.Refuse, refused.Id);
        WriteText(refused.Code);
        WriteText(refused.Reason);
    }

    /// <summary>Does again what the bytes say.</summary>
    /// <exception cref="InvalidDataException">They are no journal.</exception>
    public static void Replay(ReadOnlySpan<byte> bytes, Action<string> keep, Action<string, ProductStamp> put, Action<string> delete, Action<RefusedProduct> refuse)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var step = (Step)bytes[0];
                bytes = bytes[1..];
                var id = ReadText(ref bytes);
                switch (step)
                {
                    case Step.Keep:
                        keep(id);
                        break;
                    case Step.Put:
                        put(id, ReadStamp(ref bytes));
                        break;
                    case Step.Delete:
                        delete(id);
                        break;
                    case Step.Refuse:
                        refuse(new RefusedProduct(id, ReadText(ref bytes), ReadText(ref bytes)));
                        break;
                    default:
                        throw new InvalidDataException("The journal of the abandoned build is damaged.");
                }
            }
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("The journal of the abandoned build ends in the middle.", e);
        }
    }

    private static ProductStamp ReadStamp(ref ReadOnlySpan<byte> bytes)
    {
        var stamp = bytes[..StampBytes];
        bytes = bytes[StampBytes..];
        return new ProductStamp(
            new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(stamp), BinaryPrimitives.ReadUInt64LittleEndian(stamp[8..])),
            new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(stamp[16..]), BinaryPrimitives.ReadUInt64LittleEndian(stamp[24..])),
            BinaryPrimitives.ReadInt64LittleEndian(stamp[32..]),
            stamp[40] == 1);
    }

    private static string ReadText(ref ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var text = Encoding.UTF8.GetString(bytes.Slice(2, length));
        bytes = bytes[(2 + length)..];
        return text;
    }

    private void Write(Step step, string id)
    {
        _bytes.GetSpan(1)[0] = (byte)step;
        _bytes.Advance(1);
        WriteText(id);
    }

    private void WriteText(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var span = _bytes.GetSpan(2 + length);
        BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)length);
        Encoding.UTF8.GetBytes(text, span[2..]);
        _bytes.Advance(2 + length);
    }
}
