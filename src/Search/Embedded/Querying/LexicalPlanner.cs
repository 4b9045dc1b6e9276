using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Resolves a parsed query against a view: known terms, corrected spelling, joined compounds. Looks only at what the scope sees.</summary>
internal static class LexicalPlanner
{
    private const float CorrectedWeight = .9f;

    public static LexicalPlan Plan(ScopeView view, ParsedQuery query)
    {
        var terms = new List<PlannedTerm>(query.Terms.Count);
        List<(string From, string To)>? corrections = null;
        var inCompound = false;
        for (var i = 0; i < query.Terms.Count; i++)
        {
            var wasInCompound = inCompound;
            inCompound = i + 1 < query.Terms.Count && AddJoined(view, query, i, terms);
            var split = AddSplit(view, query, i, terms);
            var postings = view.Term(query.Terms[i]);
            if (postings.DocumentFrequency > 0)
            {
                Add(terms, new PlannedTerm(query.Terms[i], postings, 1));
            }
            else if (!split && !inCompound && !wasInCompound && SpellingCorrector.Correct(view, query.Terms[i], query.Words[i]) is var (word, corrected))
            {
                // A word that is understood as a part of another one needs no correction.
                Add(terms, new PlannedTerm(corrected, view.Term(corrected), CorrectedWeight));
                (corrections ??= []).Add((query.Words[i], word));
            }
        }

        // The heaviest first: what pruning wants, and one order of summing for every page of an answer.
        return new LexicalPlan(
            [.. terms.OrderByDescending(t => t.MaxImpact).ThenBy(t => t.Term, StringComparer.Ordinal)],
            query.Terms.Count,
            query.Phrases,
            query.Excluded,
            terms.Sum(t => t.Postings.Idf),
            corrections is null ? null : Corrected(query, corrections));
    }

    private static bool AddJoined(ScopeView view, ParsedQuery query, int at, List<PlannedTerm> terms)
    {
        if (Compounds.Join(view, query, at) is not { } joined)
        {
            return false;
        }

        Add(terms, new PlannedTerm(joined, view.Term(joined), 1));
        return true;
    }

    private static bool AddSplit(ScopeView view, ParsedQuery query, int at, List<PlannedTerm> terms)
    {
        if (Compounds.Split(view, query.Terms[at], query.Words[at]) is not var (first, second))
        {
            return false;
        }

        Add(terms, new PlannedTerm(first, view.Term(first), 1));
        Add(terms, new PlannedTerm(second, view.Term(second), 1));
        return true;
    }

    private static void Add(List<PlannedTerm> terms, PlannedTerm term)
    {
        foreach (var known in terms)
        {
            if (known.Term == term.Term)
            {
                return;
            }
        }

        terms.Add(term);
    }


    private static string Corrected(ParsedQuery query, List<(string From, string To)> corrections)
    {
        var words = query.Words.Select(w => corrections.FirstOrDefault(c => c.From == w).To ?? w);
        var excluded = query.ExcludedWords.Select(e => "without " + e);
        return string.Join(' ', words.Concat(excluded));
    }
}
