using System.Numerics;

namespace AiPlatform.Search.Embedded;

/// <summary>A bitmap over product ordinals, as 64-bit words. Set operations are O(words) and vectorised by the runtime.</summary>
internal static class Bits
{
    public static ulong[] New(int count) => new ulong[Words(count)];

    public static int Words(int count) => (count + 63) >> 6;

    /// <summary>Sets the first <paramref name="count"/> bits.</summary>
    public static void Fill(Span<ulong> bits, int count)
    {
        bits[..(count >> 6)].Fill(ulong.MaxValue);
        if ((count & 63) != 0)
        {
            bits[count >> 6] = (1UL << (count & 63)) - 1;
        }
    }

    public static void Set(Span<ulong> bits, int index) => bits[index >> 6] |= 1UL << (index & 63);

    public static void Clear(Span<ulong> bits, int index) => bits[index >> 6] &= ~(1UL << (index & 63));

    public static bool Has(ReadOnlySpan<ulong> bits, int index) => (bits[index >> 6] & (1UL << (index & 63))) != 0;

    public static void And(Span<ulong> target, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] &= other[i];
        }
    }

    public static void AndNot(Span<ulong> target, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] &= ~other[i];
        }
    }

    public static void Or(Span<ulong> target, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] |= other[i];
        }
    }

    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }
}
