using System.Numerics;
using System.Runtime.InteropServices;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>CRC-32C (Castagnoli) over a stream of pieces, by the processor's instruction. About 8 GB/s.</summary>
internal static class Crc32C
{
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in data[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
