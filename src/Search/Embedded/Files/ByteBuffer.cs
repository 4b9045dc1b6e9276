using System.Runtime.InteropServices;
using System.Text;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>A growing byte array that segment sections are written into. A class field's value type: never copy it.</summary>
internal struct ByteBuffer
{
    private byte[]? _bytes;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void AddByte(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void AddVarInt(uint value) => Length += VarInt.Write(Room(VarInt.MaxBytes), value);

    public void AddBytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        Length += value.Length;
    }

    public void Add<T>(T value)
        where T : unmanaged => AddBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Length-prefixed UTF-8.</summary>
    public void AddString(string value)
    {
        AddVarInt((uint)Encoding.UTF8.GetByteCount(value));
        AddUtf8(value);
    }

    /// <summary>UTF-8 without a length.</summary>
    public void AddUtf8(string value) => Length += Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetMaxByteCount(value.Length)));

    private Span<byte> Room(int size)
    {
        var needed = Length + size;
        if (_bytes is null || needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes is null ? 16 : _bytes.Length * 2));
        }

        return _bytes.AsSpan(Length);
    }
}
