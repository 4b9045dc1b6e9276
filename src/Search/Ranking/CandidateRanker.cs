namespace AiPlatform.Search.Ranking;

/// <summary>
/// Orders the candidates of both legs. One code for every engine, so that moving to another one changes the scale and not the answers.
/// First the lexical candidates by their score and what speaks for them (class and category affinity, brand, coverage, exclusion, cosine),
/// then weighted reciprocal-rank fusion with the vector leg. O(candidates · classes among the best 40), no allocation.
/// </summary>
public static class CandidateRanker
{
    private const int MaxDepth = 100;

    /// <summary>Computes <see cref="RankingCandidate.Final"/> and sorts, best first; equal scores keep the lexical, then the vector order.</summary>
    /// <param name="candidates">Lexical candidates, best first, then those only the vector leg found, best first.</param>
    /// <param name="lexical">How many lexical candidates there are.</param>
    /// <param name="queryTerms">Terms of the query.</param>
    /// <param name="vectorShare">The vector leg's share in the fusion, <see cref="RankingOptions.VectorShare"/>; below one half.</param>
    /// <param name="options">Weights.</param>
    public static void Rank(Span<RankingCandidate> candidates, int lexical, int queryTerms, float vectorShare, RankingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var leg = candidates[..lexical];
        if (lexical > 0)
        {
            Score(candidates, lexical, queryTerms, options);
            Sort(leg);
        }

        if (candidates.Length == lexical && NoVectors(leg))
        {
            return;
        }

        Fuse(candidates, lexical, vectorShare, options);
        Sort(candidates);
    }

    private static bool NoVectors(ReadOnlySpan<RankingCandidate> candidates)
    {
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.VectorRank > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void Score(Span<RankingCandidate> candidates, int lexical, int queryTerms, RankingOptions options)
    {
        var leg = candidates[..lexical];
        var best = leg[0].Lexical > 0 ? leg[0].Lexical : 1;
        foreach (ref var candidate in candidates)
        {
            candidate.Final = (candidate.Lexical / best) + (options.AffinityCosine * CosineOf(candidate));
        }

        Span<int> order = stackalloc int[MaxDepth];
        order = order[..FirstPass(candidates, order)];
        Span<Affinity> classes = stackalloc Affinity[Math.Min(order.Length, options.ClassAffinityDepth)];
        Span<Affinity> parents = stackalloc Affinity[Math.Min(order.Length, options.ParentAffinityDepth)];
        classes = classes[..Learn(candidates, order[..classes.Length], classes, static c => c.Class)];
        parents = parents[..Learn(candidates, order[..parents.Length], parents, static c => c.Parent)];
        var cosine = queryTerms >= options.CosineMinTerms ? options.Cosine : 0;
        foreach (ref var candidate in leg)
        {
            candidate.Final = (candidate.Lexical / best)
                + (options.ClassAffinity * Of(classes, candidate.Class))
                + (options.ParentAffinity * Of(parents, candidate.Parent))
                + (candidate.BrandMatch ? options.Brand : 0)
                + (options.Coverage * candidate.Coverage)
                + (cosine * CosineOf(candidate))
                + (options.Exclusion * candidate.Exclusion);
        }
    }

    private static float CosineOf(in RankingCandidate candidate) => float.IsNaN(candidate.Cosine) ? 0 : candidate.Cosine;

    /// <summary>Positions of the best candidates of the first pass.</summary>
    private static int FirstPass(ReadOnlySpan<RankingCandidate> leg, Span<int> order)
    {
        Span<float> keys = leg.Length <= 1024 ? stackalloc float[leg.Length] : new float[leg.Length];
        Span<int> positions = leg.Length <= 1024 ? stackalloc int[leg.Length] : new int[leg.Length];
        for (var i = 0; i < leg.Length; i++)
        {
            keys[i] = -leg[i].Final;
            positions[i] = i;
        }

        keys.Sort(positions);
        var count = Math.Min(order.Length, positions.Length);
        positions[..count].CopyTo(order);
        return count;
    }

    /// <summary>Sums the first-pass scores by value, as shares of their total.</summary>
    private static int Learn(ReadOnlySpan<RankingCandidate> leg, ReadOnlySpan<int> order, Span<Affinity> shares, Func<RankingCandidate, int> value)
    {
        var (count, total) = (0, 0f);
        foreach (var position in order)
        {
            var candidate = leg[position];
            total += candidate.Final;
            var key = value(candidate);
            if (key < 0)
            {
                continue;
            }

            var at = 0;
            while (at < count && shares[at].Value != key)
            {
                at++;
            }

            count = Math.Max(count, at + 1);
            shares[at] = new Affinity(key, (shares[at].Value == key ? shares[at].Share : 0) + candidate.Final);
        }

        for (var i = 0; i < count; i++)
        {
            shares[i] = shares[i] with { Share = total > 0 ? shares[i].Share / total : 0 };
        }

        return count;
    }

    private static float Of(ReadOnlySpan<Affinity> shares, int value)
    {
        foreach (ref readonly var share in shares)
        {
            if (share.Value == value)
            {
                return share.Share;
            }
        }

        return 0;
    }

    private static void Fuse(Span<RankingCandidate> candidates, int lexical, float vectorShare, RankingOptions options)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            ref var candidate = ref candidates[i];
            candidate.Final = (i < lexical ? (1 - vectorShare) / (options.FusionConstant + i + 1) : 0)
                + (candidate.VectorRank > 0 ? vectorShare / (options.FusionConstant + candidate.VectorRank) : 0);
        }
    }

    private static void Sort(Span<RankingCandidate> candidates)
    {
        // Insertion sort would be stable but quadratic; keys with the position below keep the order of equals.
        Span<ulong> keys = candidates.Length <= 1024 ? stackalloc ulong[candidates.Length] : new ulong[candidates.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)Descending(candidates[i].Final) << 32) | (uint)i;
        }

        keys.Sort();
        var sorted = System.Buffers.ArrayPool<RankingCandidate>.Shared.Rent(candidates.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            sorted[i] = candidates[(int)(uint)keys[i]];
        }

        sorted.AsSpan(0, keys.Length).CopyTo(candidates);
        System.Buffers.ArrayPool<RankingCandidate>.Shared.Return(sorted);
    }

    /// <summary>Maps a float to an integer whose ascending order is the float's descending order, negatives included.</summary>
    private static uint Descending(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x8000_0000) != 0 ? bits : 0x7FFF_FFFF - bits;
    }

    private readonly record struct Affinity(int Value, float Share);
}
