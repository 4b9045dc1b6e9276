using System.Numerics;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Sets of matches that are not scored by words.</summary>
internal static class MatchSets
{
    /// <summary>Every product of a bitmap, score 0. O(words + products).</summary>
    public static void All(ReadOnlySpan<ulong> bits, SearchScratch scratch)
    {
        var count = 0;
        for (var i = 0; i < bits.Length; i++)
        {
            for (var word = bits[i]; word != 0; word &= word - 1)
            {
                scratch.MatchScores[count] = 0;
                scratch.Matches[count++] = (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        scratch.MatchCount = count;
    }

    /// <summary>
    /// Where the order is not relevance, one shared word must not put a product on the list: keeps the matches that have the most terms
    /// that any match has. O(matches · terms · log postings).
    /// </summary>
    public static void KeepBestCovered(LexicalPlan plan, SearchScratch scratch)
    {
        if (plan.Terms.Length < 2)
        {
            return;
        }

        var best = 0;
        var count = 0;
        for (var i = 0; i < scratch.MatchCount; i++)
        {
            var ordinal = scratch.Matches[i];
            var has = 0;
            foreach (var term in plan.Terms)
            {
                has += term.Postings.Find(ordinal) >= 0 ? 1 : 0;
            }

            if (has > best)
            {
                (best, count) = (has, 0);
            }

            if (has == best)
            {
                scratch.Matches[count] = ordinal;
                scratch.MatchScores[count++] = scratch.MatchScores[i];
            }
        }

        scratch.MatchCount = count;
    }
}
