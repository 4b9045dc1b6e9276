using AiPlatform.Search.Embedded;
using AiPlatform.Search.Ranking;
using AiPlatform.Search.Tests.Embedded.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AiPlatform.Search.Tests.Ranking;

public sealed class CandidateRankerTests
{
    [Fact]
    public void Rank_BothLegs_FusesByWeightedReciprocalRank()
    {
        var options = Neutral();
        RankingCandidate[] candidates = [Lexical(1, 9), Lexical(2, 8), Lexical(3, 7), Vector(4, rank: 1), Vector(5, rank: 3)];
        candidates[2].VectorRank = 2;

        CandidateRanker.Rank(candidates, 3, 1, options.VectorWeight, options);

        var expected = new Dictionary<int, double>
        {
            [1] = .9 / 61,
            [2] = .9 / 62,
            [3] = (.9 / 63) + (.1 / 62),
            [4] = .1 / 61,
            [5] = .1 / 63,
        };
        Assert.Equal(expected.OrderByDescending(e => e.Value).Select(e => e.Key), candidates.Select(c => c.Handle));
        Assert.All(candidates, c => Assert.Equal(expected[c.Handle], c.Final, 6));
    }

    [Fact]
    public void Rank_LexicalOnly_ScoresByTheStatedSum()
    {
        var options = new RankingOptions();
        RankingCandidate[] candidates =
        [
            Lexical(1, 10) with { Class = 1, Parent = 7, Coverage = .5f },
            Lexical(2, 8) with { Class = 2, Parent = 7, Coverage = 1, BrandMatch = true },
            Lexical(3, 2) with { Class = 1, Parent = -1, Coverage = 1, Exclusion = -1 },
        ];
        const double Total = 1 + .8 + .2;

        CandidateRanker.Rank(candidates, 3, 2, options.VectorWeight, options);

        var expected = new Dictionary<int, double>
        {
            [1] = 1 + (.06 * 1.2 / Total) + (.2 * 1.8 / Total) + (.12 * .5),
            [2] = .8 + (.06 * .8 / Total) + (.2 * 1.8 / Total) + .06 + .12,
            [3] = .2 + (.06 * 1.2 / Total) + .12 - .1,
        };
        Assert.Equal([1, 2, 3], candidates.Select(c => c.Handle));
        Assert.All(candidates, c => Assert.Equal(expected[c.Handle], c.Final, 5));
    }

    [Fact]
    public void Rank_Affinity_LiftsTheClassOfTheBestOverAnEqualScore()
    {
        var options = Neutral();
        options.ClassAffinity = .5f;
        RankingCandidate[] candidates = [Lexical(1, 10) with { Class = 1 }, Lexical(2, 9) with { Class = 1 }, Lexical(3, 5) with { Class = 2 }, Lexical(4, 5) with { Class = 1 }];

        CandidateRanker.Rank(candidates, 4, 1, options.VectorWeight, options);

        Assert.Equal([1, 2, 4, 3], candidates.Select(c => c.Handle));
    }

    [Fact]
    public void Rank_AffinityDepth_LearnsFromTheBestOnly()
    {
        var options = Neutral();
        options.ClassAffinity = 1;
        options.ClassAffinityDepth = 1;
        RankingCandidate[] candidates = [Lexical(1, 10) with { Class = 1 }, Lexical(2, 9) with { Class = 2 }, Lexical(3, 8) with { Class = 2 }, Lexical(4, 7) with { Class = 1 }];

        CandidateRanker.Rank(candidates, 4, 1, options.VectorWeight, options);

        Assert.Equal([1, 4, 2, 3], candidates.Select(c => c.Handle));
    }

    [Fact]
    public void Rank_Exclusion_PutsWhatSaysItLacksItFirstAndWhatHasItLast()
    {
        var options = Neutral();
        options.Exclusion = .06f;
        RankingCandidate[] candidates = [Lexical(1, 10) with { Exclusion = -1 }, Lexical(2, 10), Lexical(3, 10) with { Exclusion = 1 }];

        CandidateRanker.Rank(candidates, 3, 1, options.VectorWeight, options);

        Assert.Equal([3, 2, 1], candidates.Select(c => c.Handle));
    }

    [Fact]
    public void Rank_Cosine_CountsOnlyForQueriesOfEnoughTerms()
    {
        var options = Neutral();
        options.Cosine = .5f;
        RankingCandidate[] Candidates() => [Lexical(1, 10) with { Cosine = 0 }, Lexical(2, 9) with { Cosine = 1 }];
        var (two, three) = (Candidates(), Candidates());

        CandidateRanker.Rank(two, 2, 2, options.VectorWeight, options);
        CandidateRanker.Rank(three, 2, 3, options.VectorWeight, options);

        Assert.Equal([1, 2], two.Select(c => c.Handle));
        Assert.Equal([2, 1], three.Select(c => c.Handle));
    }

    [Fact]
    public void Rank_EqualScores_KeepTheOrderGiven()
    {
        var candidates = Enumerable.Range(0, 500).Select(i => Lexical(i, 5)).ToArray();
        CandidateRanker.Rank(candidates, 500, 1, new RankingOptions().VectorWeight, new RankingOptions());
        Assert.Equal(Enumerable.Range(0, 500), candidates.Select(c => c.Handle));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-38f)]
    public void Rank_ScoresOfNothing_GiveNoNaN(float score)
    {
        RankingCandidate[] candidates = [Lexical(1, score) with { Class = 1, Parent = 1 }, Lexical(2, 0) with { Class = 1 }, Vector(3, 1)];
        CandidateRanker.Rank(candidates, 2, 3, new RankingOptions().VectorWeight, new RankingOptions());
        Assert.All(candidates, c => Assert.True(float.IsFinite(c.Final), $"{c.Handle}: {c.Final}"));

        RankingCandidate[] lexicalOnly = [Lexical(1, score) with { Class = 1, Parent = 1 }, Lexical(2, 0) with { Class = 1 }];
        CandidateRanker.Rank(lexicalOnly, 2, 3, new RankingOptions().VectorWeight, new RankingOptions());
        Assert.All(lexicalOnly, c => Assert.True(float.IsFinite(c.Final), $"{c.Handle}: {c.Final}"));
    }

    [Fact]
    public void Rank_RandomCandidates_IsAPermutationInDescendingOrderOfFiniteScores()
    {
        for (var round = 0; round < 200; round++)
        {
            var random = Seed.Random(30_000 + round);
            var lexical = random.Next(0, 120);
            var candidates = Enumerable.Range(0, lexical).Select(i => Lexical(i, 100 - i)).Concat(Enumerable.Range(lexical, random.Next(0, 100)).Select(i => Vector(i, i - lexical + 1))).ToArray();
            foreach (ref var candidate in candidates.AsSpan())
            {
                candidate.Class = random.Next(-1, 6);
                candidate.Parent = random.Next(-1, 3);
                candidate.Cosine = random.Next(3) == 0 ? float.NaN : (float)((random.NextDouble() * 2) - 1);
                candidate.Coverage = (float)random.NextDouble();
                candidate.BrandMatch = random.Next(2) == 0;
                candidate.Exclusion = random.Next(-1, 2);
            }

            var count = candidates.Length;
            CandidateRanker.Rank(candidates, lexical, random.Next(1, 6), new RankingOptions().VectorWeight, new RankingOptions());

            Assert.True(Enumerable.Range(0, count).SequenceEqual(candidates.Select(c => c.Handle).Order()), Seed.Of(round));
            Assert.All(candidates, c => Assert.True(float.IsFinite(c.Final), Seed.Of(round)));
            Assert.True(candidates.Zip(candidates.Skip(1)).All(p => p.First.Final >= p.Second.Final), Seed.Of(round));
        }
    }

    [Fact]
    public void Rank_NoCandidates_DoesNothing() => CandidateRanker.Rank([], 0, 1, new RankingOptions().VectorWeight, new RankingOptions());

    [Theory]
    [InlineData(.5f)]
    [InlineData(.7f)]
    [InlineData(-.1f)]
    [InlineData(float.NaN)]
    public void Options_VectorWeightOfHalfOrMore_IsRefused(float weight)
    {
        var options = Options();
        options.Ranking.VectorWeight = weight;

        var refused = Assert.Throws<OptionsValidationException>(() => Open(options));

        Assert.Contains(nameof(RankingOptions.VectorWeight), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_SeveralOutOfRange_AreReportedTogether()
    {
        var options = new EmbeddedCatalogOptions { MaxSegments = 0 };
        options.Ranking.Window = 5;

        var refused = Assert.Throws<OptionsValidationException>(() => Open(options));

        Assert.All(new[] { "Directory", "MaxSegments", "Window" }, name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_Defaults_AreAcceptedAndUnequal()
    {
        Open(Options()).Dispose();
        Assert.True(new RankingOptions().VectorWeight < .5f);
    }

    private static EmbeddedCatalogOptions Options() => new() { Directory = Path.Combine(Path.GetTempPath(), "aip-never-made") };

    private static EmbeddedCatalog Open(EmbeddedCatalogOptions options) =>
        new(options, new QueryEmbedders([]), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance);

    /// <summary>Nothing but the lexical score and the fusion.</summary>
    private static RankingOptions Neutral() => new()
    {
        ClassAffinity = 0,
        ParentAffinity = 0,
        AffinityCosine = 0,
        Brand = 0,
        Coverage = 0,
        Exclusion = 0,
        Cosine = 0,
        VectorWeight = .1f,
        FusionConstant = 60,
    };

    private static RankingCandidate Lexical(int handle, float score) => new() { Handle = handle, Lexical = score, Cosine = float.NaN, Class = -1, Parent = -1 };

    private static RankingCandidate Vector(int handle, int rank) => new() { Handle = handle, Cosine = .5f, VectorRank = rank, Class = -1, Parent = -1 };
}
