using System.Numerics;
using AiPlatform.Search.Embedded.Vectors;
using Xunit;

namespace AiPlatform.Search.Tests.Vectors;

public sealed class VectorScannerTests
{
    private static readonly VectorScanOptions AlwaysExact = new() { TwoStageThreshold = int.MaxValue };
    private static readonly VectorScanOptions AlwaysTwoStages = new() { TwoStageThreshold = 0, TwoStageSparsity = int.MaxValue };

    public static TheoryData<int, double> Shapes()
    {
        var data = new TheoryData<int, double>();
        foreach (var dimensions in new[] { 8, 100, 256, 384 })
        {
            foreach (var share in new[] { .001, .01, .1, .3, 1 })
            {
                data.Add(dimensions, share);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Search_ExactScan_AgreesWithBruteForceFloats(int dimensions, double share)
    {
        using var table = new VectorTable(dimensions, VectorTable.Random(dimensions, 1_500, dimensions, emptyEvery: 17), 100, 1, 63, 640, 696);
        var allowed = Filter(5, 1_500, share);
        foreach (var query in VectorTable.Random(99, 5, dimensions))
        {
            var found = Search(table, query, allowed, 20, AlwaysExact);
            var expected = BruteForce(table, query, allowed);

            Assert.Equal(Math.Min(20, expected.Count), found.Length);
            Assert.All(found, f => Assert.InRange(f.Score - expected[f.Ordinal], -.02f, .02f));
            var last = expected.Values.OrderDescending().ElementAtOrDefault(found.Length - 1);
            Assert.All(found, f => Assert.True(expected[f.Ordinal] >= last - .02f, $"{f} is not among the nearest, whose last is {last}"));
            Assert.Equal(found.OrderByDescending(f => f.Score).ThenBy(f => f.Ordinal), found);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Search_EveryKernel_GivesTheSameAnswer(int dimensions, double share)
    {
        using var table = new VectorTable(dimensions, VectorTable.Random(dimensions + 1, 3_000, dimensions, emptyEvery: 41), 1_000, 77, 1_923);
        var allowed = Filter(6, 3_000, share);
        foreach (var query in VectorTable.Random(7, 3, dimensions))
        {
            foreach (var options in new[] { AlwaysExact, AlwaysTwoStages with { Window = 100 } })
            {
                var expected = Search(table, query, allowed, 25, options with { Kernel = VectorKernel.Scalar });
                foreach (var kernel in VectorKernels.Available)
                {
                    Assert.Equal(expected, Search(table, query, allowed, 25, options with { Kernel = kernel }));
                }
            }
        }
    }

    [Fact]
    public unsafe void Dot_EveryKernelOnExtremeCodes_IsExact()
    {
        const int Length = 4096;
        var random = new Random(11);
        var row = stackalloc sbyte[Length];
        var query = stackalloc sbyte[Length];
        var words = stackalloc short[Length];
        for (var round = 0; round < 50; round++)
        {
            var (expected, sum) = (0, 0);
            for (var i = 0; i < Length; i++)
            {
                row[i] = (sbyte)(round == 0 ? 127 : round == 1 ? -127 : random.Next(-127, 128));
                query[i] = (sbyte)(round < 3 ? 127 : random.Next(-127, 128));
                words[i] = query[i];
                sum += query[i];
                expected += row[i] * query[i];
            }

            var codes = new QueryCodes(query, words, Length, sum);
            Assert.Equal(expected, DotKernels.Scalar.Dot(row, codes));
            Assert.Equal(expected, DotKernels.Portable.Dot(row, codes));
            if (VectorKernels.Available.Contains(VectorKernel.Avx2))
            {
                Assert.Equal(expected, DotKernels.Avx2Kernel.Dot(row, codes));
            }

            if (VectorKernels.Available.Contains(VectorKernel.AvxVnni))
            {
                Assert.Equal(expected, DotKernels.AvxVnniKernel.Dot(row, codes));
            }

            if (VectorKernels.Available.Contains(VectorKernel.Avx512))
            {
                Assert.Equal(expected, DotKernels.Avx512Kernel.Dot(row, codes));
            }
        }
    }

    [Fact]
    public void Search_WindowOfEverything_TwoStagesEqualExact()
    {
        using var table = new VectorTable(64, VectorTable.Random(1, 2_000, 64, emptyEvery: 3));
        var allowed = Filter(2, 2_000, .5);
        foreach (var query in VectorTable.Random(3, 5, 64))
        {
            Assert.Equal(Search(table, query, allowed, 50, AlwaysExact), Search(table, query, allowed, 50, AlwaysTwoStages with { Window = 900 }));
        }
    }

    [Fact]
    public void Search_ManyRowsWithoutVector_TheyDoNotFillTheWindow()
    {
        using var table = new VectorTable(64, VectorTable.Random(1, 6_000, 64).Select((v, i) => i % 10 == 0 ? v : []).ToArray());
        var query = VectorTable.Random(3, 1, 64)[0];
        var found = Search(table, query, Filter(0, 6_000, 1), 100, AlwaysTwoStages with { Window = 550 });

        Assert.Equal(100, found.Length);
        Assert.All(found, f => Assert.Equal(0, f.Ordinal % 10));
        Assert.True(found.Select(f => f.Ordinal).Intersect(Search(table, query, Filter(0, 6_000, 1), 100, AlwaysExact).Select(f => f.Ordinal)).Count() >= 95);
    }

    [Fact]
    public void Search_EqualVectors_GoByOrdinal()
    {
        var vector = VectorTable.Random(1, 1, 32)[0];
        using var table = new VectorTable(32, Enumerable.Repeat(vector, 5_000).ToArray());
        foreach (var options in new[] { AlwaysExact, AlwaysTwoStages with { Window = 40 } })
        {
            Assert.Equal(Enumerable.Range(0, 10), Search(table, vector, Filter(0, 5_000, 1), 10, options).Select(f => f.Ordinal));
        }
    }

    [Fact]
    public void Search_NothingToFind_GivesNothing()
    {
        using var table = new VectorTable(16, VectorTable.Random(1, 100, 16));
        var all = Filter(0, 100, 1);

        Assert.Empty(Search(table, [], all, 5, AlwaysExact));
        Assert.Empty(Search(table, new float[16], all, 5, AlwaysExact));
        Assert.Empty(Search(table, table.Vectors[0], new ulong[2], 5, AlwaysExact));
        Assert.Empty(Search(table, table.Vectors[0], [], 5, AlwaysExact));
        Assert.Empty(Search(table, table.Vectors[0], all, 0, AlwaysExact));
        Assert.Single(Search(table, table.Vectors[0], [1], 5, AlwaysExact));
    }

    [Fact]
    public void Search_WrongDimensions_Throws()
    {
        using var table = new VectorTable(16, VectorTable.Random(1, 10, 16));

        Assert.Throws<ArgumentException>(() => Search(table, new float[17], [1], 5, AlwaysExact));
        Assert.Throws<ArgumentException>(() => VectorScanner.Search(table.Blocks, 16, new float[16], [1], 1, 5, AlwaysExact, new ScoredOrdinal[4]));
    }

    [Fact]
    public void Search_WarmedUp_AllocatesNothing()
    {
        using var table = new VectorTable(256, VectorTable.Random(1, 3_000, 256));
        var query = VectorTable.Random(3, 1, 256)[0];
        var allowed = Filter(1, 3_000, .9);
        var results = new ScoredOrdinal[100];
        foreach (var options in new[] { AlwaysExact, AlwaysTwoStages })
        {
            VectorScanner.Search(table.Blocks, 256, query, allowed, 2_700, 100, options, results);
            var before = GC.GetAllocatedBytesForCurrentThread();
            VectorScanner.Search(table.Blocks, 256, query, allowed, 2_700, 100, options, results);

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Score_AnyOrdinals_AgreesWithFloats()
    {
        using var table = new VectorTable(100, VectorTable.Random(1, 500, 100, emptyEvery: 9), 200, 1, 299);
        var query = VectorTable.Random(3, 1, 100)[0];
        int[] ordinals = [499, 0, 200, 201, 8, 199, 17];
        var scores = new float[ordinals.Length];
        VectorScanner.Score(table.Blocks, 100, query, ordinals, scores);

        Assert.All(ordinals.Zip(scores), p => Assert.InRange(p.Second - Cosine(table.Vectors[p.First], query), -.02f, .02f));
        Assert.Equal(0, scores[4]);
    }

    [SkippableTheory]
    [InlineData("esci150", .995, .99)]
    [InlineData("icecat135", .99, .98)]
    public void Search_JudgedVectors_KeepsTheNearest(string name, double floor10, double floor100)
    {
        Skip.If(RepositoryFiles.JudgedData is null, "no judged data beside the repository");
        var prefix = Path.Combine(RepositoryFiles.JudgedData!, "embeddings", name);
        using var table = new VectorTable(384, VectorTable.Read(prefix, 384));
        var queries = VectorTable.Read(prefix + ".queries_dev", 384);
        var all = Filter(0, table.Vectors.Length, 1);
        var (exact10, two10, two100) = (0d, 0d, 0d);
        foreach (var query in queries)
        {
            var truth = BruteForce(table, query, all).OrderByDescending(p => p.Value).Take(10).Select(p => p.Key).ToHashSet();
            var exact = Search(table, query, all, 100, AlwaysExact).Select(f => f.Ordinal).ToArray();
            var two = Search(table, query, all, 100, AlwaysTwoStages).Select(f => f.Ordinal).ToArray();
            exact10 += exact.Take(10).Count(truth.Contains) / 10d / queries.Length;
            two10 += exact.Take(10).Intersect(two.Take(10)).Count() / 10d / queries.Length;
            two100 += exact.Intersect(two).Count() / 100d / queries.Length;
        }

        Assert.True(exact10 >= .98, $"int8 keeps {exact10:F4} of the float top 10");
        Assert.True(two10 >= floor10, $"two stages keep {two10:F4} of the top 10");
        Assert.True(two100 >= floor100, $"two stages keep {two100:F4} of the top 100");
    }

    private static ScoredOrdinal[] Search(VectorTable table, float[] query, ulong[] allowed, int k, VectorScanOptions options)
    {
        var results = new ScoredOrdinal[k];
        var visible = allowed.Sum(w => BitOperations.PopCount(w));
        return results[..VectorScanner.Search(table.Blocks, table.Dimensions, query, allowed, visible, k, options, results)];
    }

    private static Dictionary<int, float> BruteForce(VectorTable table, float[] query, ulong[] allowed) =>
        Enumerable.Range(0, table.Vectors.Length)
            .Where(i => (allowed[i >> 6] >> (i & 63) & 1) == 1 && table.Vectors[i].Length > 0)
            .ToDictionary(i => i, i => Cosine(table.Vectors[i], query));

    private static float Cosine(float[] a, float[] b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static ulong[] Filter(int seed, int count, double share)
    {
        var random = new Random(seed);
        var words = new ulong[(count + 63) / 64];
        for (var i = 0; i < count; i++)
        {
            words[i >> 6] |= random.NextDouble() < share ? 1ul << (i & 63) : 0;
        }

        return words;
    }
}
