using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>
/// The sums over sign blocks, one nested type an instruction set. A shuffle looks the four bits of many rows up at once (the "fast scan" of product quantisation);
/// looked-up bytes are added as 16-bit pairs, the odd ones apart, so that nothing overflows: even = pairs - 256 · odd.
/// </summary>
internal static unsafe class SignKernels
{
    internal readonly struct Scalar : ISignKernel
    {
        public static ulong Above(byte* block, byte* tables, int groups, ushort threshold, ushort* sums)
        {
            for (var row = 0; row < VectorLayout.BlockRows; row++)
            {
                var sum = 0;
                for (var group = 0; group < groups; group++)
                {
                    sum += tables[(group * VectorLayout.GroupBytes) + ((block[(group * VectorLayout.GroupBytes) + (row & 31)] >> (row < 32 ? 0 : 4)) & 15)];
                }

                sums[row] = (ushort)sum;
            }

            return MaskOf(sums, threshold);
        }
    }

    internal readonly struct Portable : ISignKernel
    {
        public static ulong Above(byte* block, byte* tables, int groups, ushort threshold, ushort* sums)
        {
            for (var half = 0; half < VectorLayout.GroupBytes; half += 16)
            {
                var (pairs, odd, highPairs, highOdd) = (Vector128<ushort>.Zero, Vector128<ushort>.Zero, Vector128<ushort>.Zero, Vector128<ushort>.Zero);
                var nibble = Vector128.Create((byte)0x0F);
                for (var offset = 0; offset < groups * VectorLayout.GroupBytes; offset += VectorLayout.GroupBytes)
                {
                    var bits = Vector128.Load(block + offset + half);
                    var table = Vector128.Load(tables + offset);
                    var low = Vector128.ShuffleNative(table, bits & nibble).AsUInt16();
                    var high = Vector128.ShuffleNative(table, bits >>> 4).AsUInt16();
                    pairs += low;
                    odd += low >>> 8;
                    highPairs += high;
                    highOdd += high >>> 8;
                }

                Store(pairs - (odd << 8), odd, sums + half);
                Store(highPairs - (highOdd << 8), highOdd, sums + 32 + half);
            }

            return MaskOf(sums, threshold);
        }

        private static void Store(Vector128<ushort> even, Vector128<ushort> odd, ushort* sums)
        {
            for (var i = 0; i < 8; i++)
            {
                sums[2 * i] = even[i];
                sums[(2 * i) + 1] = odd[i];
            }
        }
    }

    internal readonly struct Avx2Kernel : ISignKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Above(byte* block, byte* tables, int groups, ushort threshold, ushort* sums)
        {
            var (pairs, odd, highPairs, highOdd) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero, Vector256<ushort>.Zero, Vector256<ushort>.Zero);
            var nibble = Vector256.Create((byte)0x0F);
            for (var offset = 0; offset < groups * VectorLayout.GroupBytes; offset += VectorLayout.GroupBytes)
            {
                var bits = Vector256.Load(block + offset);
                var table = Vector256.Load(tables + offset);
                var low = Avx2.Shuffle(table, bits & nibble).AsUInt16();
                var high = Avx2.Shuffle(table, bits >>> 4).AsUInt16();
                pairs += low;
                odd += low >>> 8;
                highPairs += high;
                highOdd += high >>> 8;
            }

            return Finish(pairs - (odd << 8), odd, highPairs - (highOdd << 8), highOdd, threshold, sums);
        }
    }

    internal readonly struct Avx512Kernel : ISignKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Above(byte* block, byte* tables, int groups, ushort threshold, ushort* sums)
        {
            var (pairs, odd, highPairs, highOdd) = (Vector512<ushort>.Zero, Vector512<ushort>.Zero, Vector512<ushort>.Zero, Vector512<ushort>.Zero);
            var nibble = Vector512.Create((byte)0x0F);
            for (var offset = 0; offset < groups * VectorLayout.GroupBytes; offset += 2 * VectorLayout.GroupBytes)
            {
                var bits = Vector512.Load(block + offset);
                var table = Vector512.Load(tables + offset);
                var low = Avx512BW.Shuffle(table, bits & nibble).AsUInt16();
                var high = Avx512BW.Shuffle(table, (bits.AsUInt16() >>> 4).AsByte() & nibble).AsUInt16();
                pairs += low;
                odd += low >>> 8;
                highPairs += high;
                highOdd += high >>> 8;
            }

            // The halves are two groups of the same rows.
            var (p, o) = (pairs.GetLower() + pairs.GetUpper(), odd.GetLower() + odd.GetUpper());
            var (hp, ho) = (highPairs.GetLower() + highPairs.GetUpper(), highOdd.GetLower() + highOdd.GetUpper());
            return Finish(p - (o << 8), o, hp - (ho << 8), ho, threshold, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish(Vector256<ushort> even, Vector256<ushort> odd, Vector256<ushort> highEven, Vector256<ushort> highOdd, ushort threshold, ushort* sums)
    {
        var limit = Vector256.Create(threshold);
        var evenMask = Vector256.GreaterThan(even, limit).ExtractMostSignificantBits() | (Vector256.GreaterThan(highEven, limit).ExtractMostSignificantBits() << 16);
        var oddMask = Vector256.GreaterThan(odd, limit).ExtractMostSignificantBits() | (Vector256.GreaterThan(highOdd, limit).ExtractMostSignificantBits() << 16);
        if ((evenMask | oddMask) == 0)
        {
            return 0;
        }

        StoreAll(even, odd, highEven, highOdd, sums);
        return Bmi2.X64.ParallelBitDeposit(evenMask, 0x5555_5555_5555_5555) | Bmi2.X64.ParallelBitDeposit(oddMask, 0xAAAA_AAAA_AAAA_AAAA);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreAll(Vector256<ushort> even, Vector256<ushort> odd, Vector256<ushort> highEven, Vector256<ushort> highOdd, ushort* sums)
    {
        Interleave(even, odd, sums);
        Interleave(highEven, highOdd, sums + 32);
    }

    private static void Interleave(Vector256<ushort> even, Vector256<ushort> odd, ushort* sums)
    {
        var low = Avx2.UnpackLow(even, odd);
        var high = Avx2.UnpackHigh(even, odd);
        Avx2.Permute2x128(low, high, 0x20).Store(sums);
        Avx2.Permute2x128(low, high, 0x31).Store(sums + 16);
    }

    private static ulong MaskOf(ushort* sums, ushort threshold)
    {
        var mask = 0ul;
        for (var row = 0; row < VectorLayout.BlockRows; row++)
        {
            mask |= sums[row] > threshold ? 1ul << row : 0;
        }

        return mask;
    }
}
