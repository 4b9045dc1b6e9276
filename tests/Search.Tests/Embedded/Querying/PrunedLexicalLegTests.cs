using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embedded.Querying;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded.Querying;

/// <summary>Pruning is an optimisation: with it and without it the best k are the same products with the same bits of score.</summary>
public sealed class PrunedLexicalLegTests
{
    private const int Ordinals = 4_000;

    [Fact]
    public void Match_RandomPostings_BestKEqualScoringEverything()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            var plan = RandomPlan(random);
            var filter = random.Next(3) == 0 ? RandomFilter(random) : [];
            var k = random.Next(1, 60);

            var full = Best(Full(plan, filter), k);
            var pruned = Best(Pruned(plan, filter, k), k);

            Assert.True(full.SequenceEqual(pruned), $"seed {seed}: the best {k} of {plan.Terms.Length} terms differ");
            Assert.True(Array.TrueForAll(SearchScratch.For(Ordinals).Scores, s => s == 0), $"seed {seed}: scores are left behind for the next query");
        }
    }

    [Fact]
    public void Match_OneRareHeavyTerm_SkipsMostOfTheCommonOne()
    {
        var rare = Postings([.. Enumerable.Range(0, 50).Select(i => i * 7)], 10f);
        var common = Postings([.. Enumerable.Range(0, Ordinals)], .1f);
        var scratch = SearchScratch.For(Ordinals);

        PrunedLexicalLeg.Match(Plan(rare, common), [], 10, scratch);

        Assert.InRange(scratch.MatchCount, 10, 50);
    }

    [Fact]
    public void Count_AnyTermAndFilter_EqualsTheUnion()
    {
        var random = new Random(11);
        for (var i = 0; i < 50; i++)
        {
            var plan = RandomPlan(random);
            var filter = RandomFilter(random);

            Assert.Equal(Full(plan, filter).Count, PrunedLexicalLeg.Count(plan, filter, Ordinals));
            Assert.Equal(Full(plan, []).Count, PrunedLexicalLeg.Count(plan, [], Ordinals));
        }
    }

    private static List<(int Ordinal, float Score)> Full(LexicalPlan plan, ulong[] filter)
    {
        var scores = new float[Ordinals];
        foreach (var term in plan.Terms)
        {
            for (var i = 0; i < term.Postings.Ordinals.Length; i++)
            {
                scores[term.Postings.Ordinals[i]] += term.Postings.Impacts[i] * term.Weight;
            }
        }

        return [.. Enumerable.Range(0, Ordinals).Where(o => scores[o] > 0 && (filter.Length == 0 || Bits.Has(filter, o))).Select(o => (o, scores[o]))];
    }

    private static List<(int Ordinal, float Score)> Pruned(LexicalPlan plan, ulong[] filter, int k)
    {
        var scratch = SearchScratch.For(Ordinals);
        PrunedLexicalLeg.Match(plan, filter, k, scratch);
        return [.. Enumerable.Range(0, scratch.MatchCount).Select(i => (scratch.Matches[i], scratch.MatchScores[i]))];
    }

    private static List<(int Ordinal, float Score)> Best(List<(int Ordinal, float Score)> matches, int k) =>
        [.. matches.OrderByDescending(m => m.Score).ThenBy(m => m.Ordinal).Take(k)];

    private static LexicalPlan RandomPlan(Random random)
    {
        var terms = Enumerable.Range(0, random.Next(1, 7)).Select(_ =>
        {
            var share = Math.Pow(random.NextDouble(), 3);
            int[] ordinals = [.. Enumerable.Range(0, Ordinals).Where(_ => random.NextDouble() < share + .001)];
            var idf = MathF.Log(1 + ((Ordinals - ordinals.Length + .5f) / (ordinals.Length + .5f)));
            return new TermPostings(ordinals, [.. ordinals.Select(_ => idf * (.2f + (2 * random.NextSingle())))], idf, 0);
        });
        return Plan([.. terms.Select(t => t with { MaxImpact = t.Impacts.DefaultIfEmpty(0).Max() })]);
    }

    private static TermPostings Postings(int[] ordinals, float impact) => new(ordinals, [.. ordinals.Select(_ => impact)], 1, impact);

    private static LexicalPlan Plan(params TermPostings[] postings)
    {
        PlannedTerm[] terms = [.. postings.Select((p, i) => new PlannedTerm($"t{i}", p, i % 3 == 2 ? .9f : 1)).OrderByDescending(t => t.MaxImpact)];
        return new LexicalPlan(terms, terms.Length, [], [], terms.Sum(t => t.Postings.Idf), null);
    }

    private static ulong[] RandomFilter(Random random)
    {
        var bits = Bits.New(Ordinals);
        for (var i = 0; i < Ordinals; i++)
        {
            if (random.Next(4) == 0)
            {
                Bits.Set(bits, i);
            }
        }

        return bits;
    }
}
