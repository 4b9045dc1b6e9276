using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>The dot products, one nested type an instruction set.</summary>
internal static unsafe class DotKernels
{
    internal readonly struct Scalar : IDotKernel
    {
        public static int Dot(sbyte* row, in QueryCodes query)
        {
            var sum = 0;
            for (var i = 0; i < query.Length; i++)
            {
                sum += row[i] * query.Bytes[i];
            }

            return sum;
        }
    }

    internal readonly struct Portable : IDotKernel
    {
        public static int Dot(sbyte* row, in QueryCodes query)
        {
            var total = Vector<int>.Zero;
            for (var i = 0; i < query.Length; i += Vector<sbyte>.Count)
            {
                Vector.Widen(Vector.Load(row + i), out var low, out var high);

                // Two products of 127 · 127 fit in 16 bits.
                var pairs = (low * Vector.Load(query.Words + i)) + (high * Vector.Load(query.Words + i + Vector<short>.Count));
                Vector.Widen(pairs, out var first, out var second);
                total += first + second;
            }

            return Vector.Sum(total);
        }
    }

    internal readonly struct Avx2Kernel : IDotKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Dot(sbyte* row, in QueryCodes query)
        {
            var first = Vector256<int>.Zero;
            var second = Vector256<int>.Zero;
            for (var i = 0; i < query.Length; i += 32)
            {
                first += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i), Vector256.Load(query.Words + i));
                second += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i + 16), Vector256.Load(query.Words + i + 16));
            }

            return Vector256.Sum(first + second);
        }
    }

    internal readonly struct AvxVnniKernel : IDotKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Dot(sbyte* row, in QueryCodes query)
        {
            // The instruction takes unsigned × signed: a row plus 128 is unsigned, and what that adds is 128 times the query's sum.
            var flip = Vector256.Create((byte)0x80);
            var first = Vector256<int>.Zero;
            var second = Vector256<int>.Zero;
            for (var i = 0; i < query.Length; i += 64)
            {
                first = AvxVnni.MultiplyWideningAndAdd(first, Vector256.Load((byte*)row + i) ^ flip, Vector256.Load(query.Bytes + i));
                second = AvxVnni.MultiplyWideningAndAdd(second, Vector256.Load((byte*)row + i + 32) ^ flip, Vector256.Load(query.Bytes + i + 32));
            }

            return Vector256.Sum(first + second) - (query.Sum * 128);
        }
    }

    internal readonly struct Avx512Kernel : IDotKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Dot(sbyte* row, in QueryCodes query)
        {
            var first = Vector512<int>.Zero;
            var second = Vector512<int>.Zero;
            for (var i = 0; i < query.Length; i += 64)
            {
                first += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i)), Vector512.Load(query.Words + i));
                second += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i + 32)), Vector512.Load(query.Words + i + 32));
            }

            return Vector512.Sum(first + second);
        }
    }
}
