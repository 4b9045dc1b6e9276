namespace AiPlatform.Search.Embedded.Files;

/// <summary>Unsigned LEB128 numbers, the encoding of every list in a segment.</summary>
internal static unsafe class VarInt
{
    /// <summary>The longest encoding of a 32-bit number.</summary>
    public const int MaxBytes = 5;

    /// <summary>Writes the number and answers the bytes used.</summary>
    public static int Write(Span<byte> target, uint value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number and moves the pointer behind it. The caller guarantees that a whole number is there.</summary>
    public static uint Read(ref byte* source)
    {
        uint value = *source++;
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            uint next = *source++;
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
