using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>
/// Nearest vectors under a filter, without a graph. Up to a threshold of visible vectors every one is compared in int8 (exact for the stored codes); beyond, sums over
/// sign bits pick a window that is then compared in int8. Stateless, thread-safe, allocation-free once the array pool is warm.
/// </summary>
/// <remarks>
/// Exact: O(visible · dimensions) time, memory-bound. Two stages: O(rows · dimensions / 8) bytes read, then O(window · dimensions). The answers do not depend on the kernel.
/// </remarks>
internal static unsafe class VectorScanner
{
    private const int BatchRows = 64;
    private const int PrefetchRows = 6;
    private const int LeastBuffer = 4096;

    /// <summary>
    /// The k visible products nearest to the query by cosine, best first, equal ones by ordinal. Products without a vector are never returned. Returns how many there are; none for a
    /// query that is empty or zero.
    /// </summary>
    /// <param name="blocks">Segments, in ascending order of ordinals.</param>
    /// <param name="dimensions">Length of the vectors.</param>
    /// <param name="query">L2-normalised, of that length, or empty.</param>
    /// <param name="allowed">Bitmap of visible ordinals; what lies beyond its end is not visible.</param>
    /// <param name="allowedCount">Bits set in it; only chooses the way.</param>
    /// <param name="k">Results wanted.</param>
    /// <param name="options">How to scan.</param>
    /// <param name="results">Room for k results.</param>
    /// <exception cref="ArgumentException">The query's length is not the dimensions, or there is no room for k results.</exception>
    [SkipLocalsInit]
    public static int Search(
        ReadOnlySpan<VectorBlock> blocks,
        int dimensions,
        ReadOnlySpan<float> query,
        ReadOnlySpan<ulong> allowed,
        int allowedCount,
        int k,
        VectorScanOptions options,
        Span<ScoredOrdinal> results)
    {
        Check(dimensions, query, k, results);
        if (query.IsEmpty || k == 0 || allowedCount == 0)
        {
            return 0;
        }

        var stride = VectorLayout.Stride(dimensions);
        var rotated = stackalloc float[stride];
        var codes = stackalloc sbyte[stride];
        var words = stackalloc short[stride];
        var scale = Prepare(query, rotated, codes, words, stride, out var prepared);
        if (scale == 0)
        {
            return 0;
        }

        var top = new TopOrdinals(results[..k]);
        var window = Math.Max(Math.Max(options.Window, 4 * k), allowedCount / options.WindowShare);
        if (UsesTwoStages(blocks, allowedCount, window, options))
        {
            var tables = stackalloc byte[VectorLayout.Groups(dimensions) * VectorLayout.GroupBytes];
            QueryTables.Write(new ReadOnlySpan<float>(rotated, stride), tables);
            TwoStages(blocks, new Plan(prepared, tables, scale, window, options.Kernel), allowed, ref top);
        }
        else
        {
            Exact(blocks, new Plan(prepared, null, scale, window, options.Kernel), allowed, ref top);
        }

        return top.Finish();
    }

    /// <summary>Cosines of given products with the query, 0 for one without a vector. For ranking what another leg found. O(ordinals · (dimensions + log segments)).</summary>
    /// <param name="blocks">Segments, in ascending order of ordinals.</param>
    /// <param name="dimensions">Length of the vectors.</param>
    /// <param name="query">L2-normalised, or empty: all cosines are 0 then.</param>
    /// <param name="ordinals">Ordinals, in any order, each in one of the segments.</param>
    /// <param name="scores">Room for as many scores.</param>
    [SkipLocalsInit]
    public static void Score(ReadOnlySpan<VectorBlock> blocks, int dimensions, ReadOnlySpan<float> query, ReadOnlySpan<int> ordinals, Span<float> scores)
    {
        Check(dimensions, query, 0, []);
        scores[..ordinals.Length].Clear();
        if (query.IsEmpty)
        {
            return;
        }

        var stride = VectorLayout.Stride(dimensions);
        var rotated = stackalloc float[stride];
        var codes = stackalloc sbyte[stride];
        var words = stackalloc short[stride];
        var scale = Prepare(query, rotated, codes, words, stride, out var prepared);
        for (var i = 0; i < ordinals.Length; i++)
        {
            var block = blocks[BlockOf(blocks, ordinals[i])];
            var row = ordinals[i] - block.FirstOrdinal;
            scores[i] = Dot(block.Codes + ((long)row * stride), prepared, VectorKernels.Fastest) * scale * block.Scales[row];
        }
    }

    private static void Check(int dimensions, ReadOnlySpan<float> query, int k, Span<ScoredOrdinal> results)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, VectorLayout.MaxDimensions);
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        if (!query.IsEmpty && query.Length != dimensions)
        {
            throw new ArgumentException($"The query has {query.Length} dimensions, the index {dimensions}.", nameof(query));
        }

        if (results.Length < k)
        {
            throw new ArgumentException($"There is room for {results.Length} results, not {k}.", nameof(results));
        }
    }

    private static float Prepare(ReadOnlySpan<float> query, float* rotated, sbyte* codes, short* words, int stride, out QueryCodes prepared)
    {
        var values = new Span<float>(rotated, stride);
        values[query.Length..].Clear();
        query.CopyTo(values);
        VectorRotation.For(query.Length).Apply(values[..query.Length]);
        var bytes = new Span<sbyte>(codes, stride);
        bytes.Clear();
        var scale = VectorQuantizer.QuantizeRotated(values, bytes);
        var sum = 0;
        for (var i = 0; i < stride; i++)
        {
            words[i] = codes[i];
            sum += codes[i];
        }

        prepared = new QueryCodes(codes, words, stride, sum);
        return scale;
    }

    private static bool UsesTwoStages(ReadOnlySpan<VectorBlock> blocks, int allowedCount, int window, VectorScanOptions options)
    {
        long rows = 0;
        foreach (ref readonly var block in blocks)
        {
            rows += block.Count;
        }

        return allowedCount > options.TwoStageThreshold && allowedCount > window && (long)allowedCount * options.TwoStageSparsity >= rows;
    }

    private static void Exact(ReadOnlySpan<VectorBlock> blocks, in Plan plan, ReadOnlySpan<ulong> allowed, ref TopOrdinals top)
    {
        foreach (ref readonly var block in blocks)
        {
            switch (plan.Kernel)
            {
                case VectorKernel.Scalar: ExactBlock<DotKernels.Scalar>(block, plan, allowed, ref top); break;
                case VectorKernel.Portable: ExactBlock<DotKernels.Portable>(block, plan, allowed, ref top); break;
                case VectorKernel.Avx2: ExactBlock<DotKernels.Avx2Kernel>(block, plan, allowed, ref top); break;
                case VectorKernel.Avx512 when !AvxVnni.IsSupported: ExactBlock<DotKernels.Avx512Kernel>(block, plan, allowed, ref top); break;
                default: ExactBlock<DotKernels.AvxVnniKernel>(block, plan, allowed, ref top); break;
            }
        }
    }

    private static void ExactBlock<TDot>(in VectorBlock block, in Plan plan, ReadOnlySpan<ulong> allowed, ref TopOrdinals top)
        where TDot : struct, IDotKernel
    {
        var batch = stackalloc int[2 * BatchRows];
        var count = 0;
        for (var start = 0; start < block.Count; start += BatchRows)
        {
            var word = AllowedWord(allowed, block, start);
            if (word == ulong.MaxValue && count == 0)
            {
                ScoreRun<TDot>(block, plan, start, ref top);
                continue;
            }

            for (; word != 0; word &= word - 1)
            {
                batch[count++] = start + BitOperations.TrailingZeroCount(word);
            }

            if (count >= BatchRows)
            {
                ScoreBatch<TDot>(block, plan, new ReadOnlySpan<int>(batch, count), ref top);
                count = 0;
            }
        }

        ScoreBatch<TDot>(block, plan, new ReadOnlySpan<int>(batch, count), ref top);
    }

    private static void ScoreRun<TDot>(in VectorBlock block, in Plan plan, int start, ref TopOrdinals top)
        where TDot : struct, IDotKernel
    {
        var query = plan.Query;
        for (var row = start; row < start + BatchRows; row++)
        {
            var rowScale = block.Scales[row];
            var score = TDot.Dot(block.Codes + ((long)row * query.Length), query) * plan.Scale * rowScale;
            if (rowScale != 0)
            {
                top.Add(block.FirstOrdinal + row, score);
            }
        }
    }

    private static void ScoreBatch<TDot>(in VectorBlock block, in Plan plan, ReadOnlySpan<int> rows, ref TopOrdinals top)
        where TDot : struct, IDotKernel
    {
        var query = plan.Query;
        for (var i = 0; i < rows.Length; i++)
        {
            if (i + PrefetchRows < rows.Length)
            {
                Prefetch(block.Codes + ((long)rows[i + PrefetchRows] * query.Length), query.Length);
            }

            var rowScale = block.Scales[rows[i]];
            if (rowScale != 0)
            {
                var score = TDot.Dot(block.Codes + ((long)rows[i] * query.Length), query) * plan.Scale * rowScale;
                top.Add(block.FirstOrdinal + rows[i], score);
            }
        }
    }

    private static void Prefetch(sbyte* row, int length)
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < length; i += 64)
            {
                Sse.Prefetch0(row + i);
            }
        }
    }

    private static void TwoStages(ReadOnlySpan<VectorBlock> blocks, in Plan plan, ReadOnlySpan<ulong> allowed, ref TopOrdinals top)
    {
        var length = Math.Max(LeastBuffer, 4 * plan.Window);
        var memory = ArrayPool<ulong>.Shared.Rent(length);
        var ordinals = ArrayPool<int>.Shared.Rent(plan.Window);
        try
        {
            var candidates = new CandidateBuffer(memory.AsSpan(0, length), plan.Window);
            foreach (ref readonly var block in blocks)
            {
                switch (plan.Kernel)
                {
                    case VectorKernel.Scalar: SignsOf<SignKernels.Scalar>(block, plan, allowed, ref candidates); break;
                    case VectorKernel.Portable: SignsOf<SignKernels.Portable>(block, plan, allowed, ref candidates); break;
                    case VectorKernel.Avx512: SignsOf<SignKernels.Avx512Kernel>(block, plan, allowed, ref candidates); break;
                    default: SignsOf<SignKernels.Avx2Kernel>(block, plan, allowed, ref candidates); break;
                }
            }

            var found = candidates.Finish(ordinals);
            Rescore(blocks, plan, ordinals.AsSpan(0, found), ref top);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(ordinals);
            ArrayPool<ulong>.Shared.Return(memory);
        }
    }

    private static void SignsOf<TSign>(in VectorBlock block, in Plan plan, ReadOnlySpan<ulong> allowed, ref CandidateBuffer candidates)
        where TSign : struct, ISignKernel
    {
        var sums = stackalloc ushort[VectorLayout.BlockRows];
        var groups = plan.Query.Length / VectorLayout.GroupDimensions;
        var signs = block.Signs;
        for (var start = 0; start < block.Count; start += VectorLayout.BlockRows, signs += groups * VectorLayout.GroupBytes)
        {
            var word = AllowedWord(allowed, block, start);
            if (word == 0)
            {
                continue;
            }

            word &= candidates.Threshold < 0
                ? Everything(TSign.Above(signs, plan.Tables, groups, 0, sums), sums)
                : TSign.Above(signs, plan.Tables, groups, (ushort)candidates.Threshold, sums);
            for (; word != 0; word &= word - 1)
            {
                var row = BitOperations.TrailingZeroCount(word);

                // The threshold may have risen within this block.
                if (sums[row] > candidates.Threshold && block.Scales[start + row] != 0)
                {
                    candidates.Add(block.FirstOrdinal + start + row, sums[row]);
                }
            }
        }
    }

    /// <summary>Before the first cut every row passes, those with a sum of 0 too; sums are written unless all are 0.</summary>
    private static ulong Everything(ulong aboveZero, ushort* sums)
    {
        if (aboveZero == 0)
        {
            new Span<ushort>(sums, VectorLayout.BlockRows).Clear();
        }

        return ulong.MaxValue;
    }

    private static void Rescore(ReadOnlySpan<VectorBlock> blocks, in Plan plan, ReadOnlySpan<int> ordinals, ref TopOrdinals top)
    {
        var stride = plan.Query.Length;
        var current = 0;
        for (var i = 0; i < ordinals.Length; i++)
        {
            while (ordinals[i] >= blocks[current].FirstOrdinal + blocks[current].Count)
            {
                current++;
            }

            ref readonly var block = ref blocks[current];
            var ahead = i + PrefetchRows;
            if (ahead < ordinals.Length && ordinals[ahead] < block.FirstOrdinal + block.Count)
            {
                Prefetch(block.Codes + ((long)(ordinals[ahead] - block.FirstOrdinal) * stride), stride);
            }

            var row = ordinals[i] - block.FirstOrdinal;
            top.Add(ordinals[i], Dot(block.Codes + ((long)row * stride), plan.Query, plan.Kernel) * plan.Scale * block.Scales[row]);
        }
    }

    private static int Dot(sbyte* row, in QueryCodes query, VectorKernel kernel) => kernel switch
    {
        VectorKernel.Scalar => DotKernels.Scalar.Dot(row, query),
        VectorKernel.Portable => DotKernels.Portable.Dot(row, query),
        VectorKernel.Avx2 => DotKernels.Avx2Kernel.Dot(row, query),
        VectorKernel.Avx512 when !AvxVnni.IsSupported => DotKernels.Avx512Kernel.Dot(row, query),
        _ => DotKernels.AvxVnniKernel.Dot(row, query),
    };

    /// <summary>The bits of 64 rows from a row on; rows beyond the segment or the bitmap are not visible. Segments may start anywhere in the bitmap.</summary>
    private static ulong AllowedWord(ReadOnlySpan<ulong> allowed, in VectorBlock block, int start)
    {
        var bit = block.FirstOrdinal + start;
        var (index, shift) = (bit >> 6, bit & 63);
        var word = index < allowed.Length ? allowed[index] >> shift : 0;
        if (shift > 0 && index + 1 < allowed.Length)
        {
            word |= allowed[index + 1] << (64 - shift);
        }

        var rows = block.Count - start;
        return rows >= VectorLayout.BlockRows ? word : word & ((1ul << rows) - 1);
    }

    private static int BlockOf(ReadOnlySpan<VectorBlock> blocks, int ordinal)
    {
        var (low, high) = (0, blocks.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = blocks[middle].FirstOrdinal <= ordinal ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>What one search does, fixed before it starts.</summary>
    private readonly struct Plan(QueryCodes query, byte* tables, float scale, int window, VectorKernel kernel)
    {
        public readonly QueryCodes Query = query;
        public readonly byte* Tables = tables;
        public readonly float Scale = scale;
        public readonly int Window = window;
        public readonly VectorKernel Kernel = kernel;
    }
}
