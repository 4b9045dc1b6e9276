using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Bench.Vectors;

/// <summary>The vector scan alone: milliseconds and recall of the two-stage scan against the exact one, by filter selectivity. One thread.</summary>
internal static class VectorBench
{
    private static readonly double[] Selectivities = [.001, .01, .1, .3, 1];

    public static void Run(int count, int dimensions, int k, VectorScanOptions options, TextWriter output)
    {
        var started = Stopwatch.StartNew();
        var centres = Gaussian(new Random(7), 20_000, dimensions);
        using var store = new VectorStore(dimensions, count, (row, v) => Clustered(centres, row, v));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} x {dimensions}, k {k}, window {options.Window}, built in {started.Elapsed.TotalSeconds:F1} s, kernel {VectorKernels.Fastest}"));
        output.WriteLine("filter      ms exact p50/p99   ms two-stage p50/p99   ms default   recall@k");
        var queries = Enumerable.Range(0, count > 100_000 ? 40 : 200).Select(i =>
        {
            var query = new float[dimensions];
            Clustered(centres, count + i, query);
            return query;
        }).ToArray();
        foreach (var selectivity in Selectivities)
        {
            Measure(store, queries, selectivity, k, options, output);
        }
    }

    private static void Measure(VectorStore store, float[][] queries, double selectivity, int k, VectorScanOptions options, TextWriter output)
    {
        var allowed = Filter(store.Count, selectivity);
        var visible = allowed.Sum(w => BitOperations.PopCount(w));
        var (exactResults, exact) = Time(store, queries, allowed, visible, k, options with { TwoStageThreshold = int.MaxValue });
        var (twoResults, two) = Time(store, queries, allowed, visible, k, options with { TwoStageThreshold = 0, TwoStageSparsity = int.MaxValue });
        var (_, usual) = Time(store, queries, allowed, visible, k, options);
        var recall = exactResults.Zip(twoResults, (a, b) => a.Length == 0 ? 1 : a.Intersect(b).Count() / (double)a.Length).Average();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{selectivity,6:P1}  {exact[exact.Length / 2],8:F3}/{exact[^1],-8:F3}  {two[two.Length / 2],8:F3}/{two[^1],-8:F3}  {usual[usual.Length / 2],8:F3}  {recall,8:F4}"));
    }

    private static (int[][] Results, double[] Milliseconds) Time(VectorStore store, float[][] queries, ulong[] allowed, int visible, int k, VectorScanOptions options)
    {
        var results = new int[queries.Length][];
        var times = new double[queries.Length];
        var buffer = new ScoredOrdinal[k];
        Span<VectorBlock> blocks = [store.Block];
        for (var pass = 0; pass < 4; pass++)
        {
            for (var i = 0; i < queries.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var found = VectorScanner.Search(blocks, store.Dimensions, queries[i], allowed, visible, k, options, buffer);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                results[i] = buffer.AsSpan(0, found).ToArray().Select(r => r.Ordinal).ToArray();
            }
        }

        Array.Sort(times);
        return (results, times);
    }

    private static ulong[] Filter(int count, double selectivity)
    {
        var random = new Random(3);
        var words = new ulong[(count + 63) / 64];
        for (var i = 0; i < count; i++)
        {
            words[i >> 6] |= random.NextDouble() < selectivity ? 1ul << (i & 63) : 0;
        }

        return words;
    }

    /// <summary>A point of a tree of clusters (100, 2,000 and 20,000), as products are near others of their line, class and category.</summary>
    private static void Clustered(float[][] centres, int row, Span<float> vector)
    {
        var random = new Random(row);
        var leaf = random.Next(centres.Length);
        var (narrow, middle, wide) = (centres[leaf], centres[leaf % 2_000], centres[leaf % 100]);
        var length = 0f;
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = narrow[i] + middle[i] + wide[i] + Normal(random);
            length += vector[i] * vector[i];
        }

        var inverse = 1 / MathF.Sqrt(length);
        foreach (ref var value in vector)
        {
            value *= inverse;
        }
    }

    private static float[][] Gaussian(Random random, int rows, int dimensions) =>
        Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, dimensions).Select(_ => Normal(random)).ToArray()).ToArray();

    /// <summary>Sum of four uniforms, scaled to variance 1: near enough to normal here, and fast.</summary>
    private static float Normal(Random random) => (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2f) * 1.732f;
}
