namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Resolves a parsed query against a view: known terms, corrected spelling, joined compounds. Looks only at what the scope sees.</summary>
internal static class LexicalPlanner
{
    private const float CorrectedWeight = .9f;

    public static LexicalPlan Plan(ScopeView view, ParsedQuery query)
    {
        var terms = new List<PlannedTerm>(query.Terms.Count);
        List<(string From, string To)>? corrections = null;
        for (var i = 0; i < query.Terms.Count; i++)
        {
            if (i + 1 < query.Terms.Count && Compounds.Join(view, query, i) is { } joined)
            {
                Add(terms, new PlannedTerm(joined, view.Term(joined), 1));
            }

            if (Compounds.Split(view, query.Terms[i], query.Words[i]) is var (first, second))
            {
                Add(terms, new PlannedTerm(first, view.Term(first), 1));
                Add(terms, new PlannedTerm(second, view.Term(second), 1));
            }

            var postings = view.Term(query.Terms[i]);
            if (postings.DocumentFrequency > 0)
            {
                Add(terms, new PlannedTerm(query.Terms[i], postings, 1));
            }
            else if (SpellingCorrector.Correct(view, query.Terms[i]) is { } corrected)
            {
                Add(terms, new PlannedTerm(corrected, view.Term(corrected), CorrectedWeight));
                (corrections ??= []).Add((query.Words[i], SpellingCorrector.WordFor(view, corrected)));
            }
        }

        return new LexicalPlan(
            [.. terms],
            query.Terms.Count,
            query.Phrases,
            query.Excluded,
            terms.Sum(t => t.Postings.Idf),
            corrections is null ? null : Corrected(query, corrections));
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
        var excluded = query.Excluded.Select(e => "without " + e);
        return string.Join(' ', words.Concat(excluded));
    }
}
