namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// The best matches without scoring every one (MaxScore; Turtle, Flood 1995, a term at a time): once what the remaining, lighter terms can
/// add is below the k-th score so far, only products already seen are looked up in them. The scores are bit for bit those of
/// <see cref="LexicalLeg"/>: both sum the plan's terms in its order. Worth it from tens of thousands of postings on.
/// </summary>
internal static class PrunedLexicalLeg
{
    private const int MinPostings = 32_768;

    /// <summary>Bounds are sums in another order than the scores: they are widened by more than the rounding of 32 additions.</summary>
    private const float Slack = 1.0001f;

    /// <summary>Whether the plan has so many postings that pruning pays.</summary>
    public static bool PaysFor(LexicalPlan plan) =>
        plan.Phrases.Count == 0 && plan.Terms.Length > 1 && plan.Terms.Sum(t => (long)t.Postings.DocumentFrequency) > MinPostings;

    /// <summary>Fills the scratch with matches among which are the best k, with their full scores.</summary>
    public static void Match(LexicalPlan plan, ReadOnlySpan<ulong> filter, int k, SearchScratch scratch)
    {
        var terms = plan.Terms;
        var touched = 0;
        for (var next = 0; next < terms.Length; next++)
        {
            var rest = Bound(terms.AsSpan(next)) * Slack;
            if (next > 0 && touched >= k && Pays(terms.AsSpan(next), touched))
            {
                touched = Gather(terms.AsSpan(0, next), filter, scratch, keepScores: true);
                var threshold = touched >= k ? Threshold(scratch, touched, k) : 0;
                if (rest < threshold)
                {
                    LookUp(terms, next, (threshold - rest) / Slack, touched, scratch);
                    return;
                }
            }

            LexicalLeg.Add(terms[next], scratch.Scores);
            touched += terms[next].Postings.DocumentFrequency;
        }

        scratch.MatchCount = Gather(terms, filter, scratch, keepScores: false);
    }

    /// <summary>How many products have any of the terms and pass the filter. O(postings).</summary>
    public static int Count(LexicalPlan plan, ReadOnlySpan<ulong> filter, int ordinals)
    {
        var union = Bits.New(ordinals);
        foreach (var term in plan.Terms)
        {
            foreach (var ordinal in term.Postings.Ordinals)
            {
                union[ordinal >> 6] |= 1UL << (ordinal & 63);
            }
        }

        if (!filter.IsEmpty)
        {
            Bits.And(union, filter);
        }

        return Bits.Count(union);
    }

    private static float Bound(ReadOnlySpan<PlannedTerm> terms)
    {
        var sum = 0f;
        foreach (var term in terms)
        {
            sum += term.MaxImpact;
        }

        return sum;
    }

    /// <summary>Looking for the threshold costs a walk over what was touched: not for less than that is left.</summary>
    private static bool Pays(ReadOnlySpan<PlannedTerm> rest, int touched)
    {
        long left = 0;
        foreach (var term in rest)
        {
            left += term.Postings.DocumentFrequency;
        }

        return left > touched;
    }

    /// <summary>Collects what the terms touched; clears the scores by ordinal, and puts them back where more terms may follow.</summary>
    private static int Gather(ReadOnlySpan<PlannedTerm> terms, ReadOnlySpan<ulong> filter, SearchScratch scratch, bool keepScores)
    {
        var (all, matches, scores) = (scratch.Scores, scratch.Matches, scratch.MatchScores);
        var count = 0;
        foreach (var term in terms)
        {
            foreach (var ordinal in term.Postings.Ordinals)
            {
                var score = all[ordinal];
                if (score != 0)
                {
                    all[ordinal] = 0;
                    matches[count] = ordinal;
                    scores[count++] = score;
                }
            }
        }

        if (keepScores)
        {
            for (var i = 0; i < count; i++)
            {
                all[matches[i]] = scores[i];
            }
        }

        return filter.IsEmpty ? count : Filtered(filter, matches, scores, count);
    }

    private static int Filtered(ReadOnlySpan<ulong> filter, int[] matches, float[] scores, int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (Bits.Has(filter, matches[i]))
            {
                (matches[kept], scores[kept]) = (matches[i], scores[i]);
                kept++;
            }
        }

        return kept;
    }

    /// <summary>A lower bound of the k-th score so far.</summary>
    private static float Threshold(SearchScratch scratch, int touched, int k) => TopSelector.Cut(scratch.MatchScores.AsSpan(0, touched), k);

    /// <summary>Adds the remaining terms to the products that can still be among the best, in the order of their ordinals.</summary>
    private static void LookUp(ReadOnlySpan<PlannedTerm> terms, int next, float least, int touched, SearchScratch scratch)
    {
        Clear(terms[..next], scratch.Scores);
        var (matches, scores) = (scratch.Matches, scratch.MatchScores);
        var count = 0;
        for (var i = 0; i < touched; i++)
        {
            if (scores[i] >= least)
            {
                (matches[count], scores[count]) = (matches[i], scores[i]);
                count++;
            }
        }

        var ordinals = matches.AsSpan(0, count);
        ordinals.Sort(scores.AsSpan(0, count));
        foreach (var term in terms[next..])
        {
            AddTo(ordinals, scores, term);
        }

        scratch.MatchCount = count;
    }

    private static void Clear(ReadOnlySpan<PlannedTerm> terms, float[] scores)
    {
        foreach (var term in terms)
        {
            foreach (var ordinal in term.Postings.Ordinals)
            {
                scores[ordinal] = 0;
            }
        }
    }

    private static void AddTo(ReadOnlySpan<int> ordinals, float[] scores, in PlannedTerm term)
    {
        ReadOnlySpan<int> postings = term.Postings.Ordinals;
        var at = 0;
        for (var i = 0; i < ordinals.Length && at < postings.Length; i++)
        {
            at = Gallop(postings, at, ordinals[i]);
            if (at < postings.Length && postings[at] == ordinals[i])
            {
                scores[i] += term.Postings.Impacts[at] * term.Weight;
            }
        }
    }

    /// <summary>The first position from <paramref name="from"/> on that is not below the value.</summary>
    private static int Gallop(ReadOnlySpan<int> postings, int from, int value)
    {
        var step = 1;
        var low = from;
        while (low + step < postings.Length && postings[low + step] < value)
        {
            low += step;
            step <<= 1;
        }

        var high = Math.Min(low + step, postings.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (postings[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
