namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// Scores the products that have any planned term: impacts are summed a term at a time into an array by ordinal, then the matches are
/// gathered and the array is cleared in the same walk. O(postings in the view); no allocation.
/// </summary>
internal static class LexicalLeg
{
    /// <summary>Fills the scratch with the matches that pass the filter and the phrases.</summary>
    /// <param name="view">The view.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="filter">The caller's own filter within the view; empty for none.</param>
    /// <param name="scratch">Where matches go.</param>
    public static void Match(ScopeView view, LexicalPlan plan, ReadOnlySpan<ulong> filter, SearchScratch scratch)
    {
        if (plan.Terms.Length == 1)
        {
            Copy(plan.Terms[0], filter, scratch);
        }
        else
        {
            foreach (ref readonly var term in plan.Terms.AsSpan())
            {
                Add(term, scratch.Scores);
            }

            Gather(plan.Terms, filter, scratch);
        }

        foreach (var phrase in plan.Phrases)
        {
            Keep(view, phrase, scratch);
        }
    }

    private static void Copy(in PlannedTerm term, ReadOnlySpan<ulong> filter, SearchScratch scratch)
    {
        var (ordinals, impacts) = (term.Postings.Ordinals, term.Postings.Impacts);
        var (matches, scores) = (scratch.Matches, scratch.MatchScores);
        var count = 0;
        if (filter.IsEmpty)
        {
            ordinals.CopyTo(matches, 0);
            impacts.CopyTo(scores, 0);
            count = ordinals.Length;
        }
        else
        {
            for (var i = 0; i < ordinals.Length; i++)
            {
                if (Bits.Has(filter, ordinals[i]))
                {
                    matches[count] = ordinals[i];
                    scores[count++] = impacts[i];
                }
            }
        }

        scratch.MatchCount = count;
    }

    /// <summary>Adds what a term is worth to the scores of its products. Pruned and full scoring both sum by it, so their bits agree.</summary>
    public static void Add(in PlannedTerm term, float[] scores)
    {
        var (ordinals, impacts, weight) = (term.Postings.Ordinals, term.Postings.Impacts, term.Weight);
        for (var i = 0; i < ordinals.Length && i < impacts.Length; i++)
        {
            scores[ordinals[i]] += impacts[i] * weight;
        }
    }

    private static void Gather(PlannedTerm[] terms, ReadOnlySpan<ulong> filter, SearchScratch scratch)
    {
        var (all, matches, scores) = (scratch.Scores, scratch.Matches, scratch.MatchScores);
        var count = 0;
        foreach (var term in terms)
        {
            foreach (var ordinal in term.Postings.Ordinals)
            {
                var score = all[ordinal];
                if (score == 0)
                {
                    continue;
                }

                all[ordinal] = 0;
                if (filter.IsEmpty || Bits.Has(filter, ordinal))
                {
                    matches[count] = ordinal;
                    scores[count++] = score;
                }
            }
        }

        scratch.MatchCount = count;
    }

    private static void Keep(ScopeView view, string[] phrase, SearchScratch scratch)
    {
        var numbers = PhraseMatcher.Resolve(view.Generation, phrase);
        var terms = phrase.Select(view.Term).ToArray();
        var (matches, scores) = (scratch.Matches, scratch.MatchScores);
        var count = 0;
        for (var i = 0; i < scratch.MatchCount; i++)
        {
            var ordinal = matches[i];
            if (Array.TrueForAll(terms, t => t.Find(ordinal) >= 0) && PhraseMatcher.Matches(view.Generation, ordinal, numbers))
            {
                matches[count] = ordinal;
                scores[count++] = scores[i];
            }
        }

        scratch.MatchCount = count;
    }
}
