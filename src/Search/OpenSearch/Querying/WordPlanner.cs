using AiPlatform.Search.Querying;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>
/// Resolves a parsed query against what a scope sees: known terms, corrected spelling, words written together or apart; the rules of the embedded engine's planner.
/// One round trip for words that this scope never asked for before, another one for a word that must be corrected, none otherwise.
/// </summary>
internal static class WordPlanner
{
    private const float CorrectedWeight = .9f;
    private const int MinFrequency = 2;
    private const int MinSplitLength = 5;
    private const int MaxSplitLength = 24;
    private const int MinTail = 3;
    private const int MaxCount = 1_000;

    public static async ValueTask<WordPlan> PlanAsync(ScopedIndex view, ParsedQuery query, CancellationToken cancellationToken)
    {
        var counts = await view.CountAsync(Wanted(view, query), cancellationToken).ConfigureAwait(false);
        var words = new List<PlannedWord>(query.Terms.Count);
        List<(string From, string To)>? corrections = null;
        var inCompound = false;
        for (var i = 0; i < query.Terms.Count; i++)
        {
            var wasInCompound = inCompound;
            inCompound = Joined(view, counts, query, i) is { } joined && Add(view, counts, words, joined, 1);
            var split = await AddSplitAsync(view, counts, query, i, words, cancellationToken).ConfigureAwait(false);
            if (counts.Of(Counting.Term(query.Terms[i])) > 0)
            {
                Add(view, counts, words, query.Terms[i], 1);
            }
            else if (!split && !inCompound && !wasInCompound && await SpellingLookup.CorrectAsync(view, query.Terms[i], query.Words[i], cancellationToken).ConfigureAwait(false) is var (word, term))
            {
                // A word that is understood as a part of another one needs no correction.
                Add(view, await view.CountAsync([Counting.Term(term)], cancellationToken).ConfigureAwait(false), words, term, CorrectedWeight);
                (corrections ??= []).Add((query.Words[i], word));
            }
        }

        return new WordPlan(
            [.. words.OrderByDescending(w => w.Idf * w.Weight).ThenBy(w => w.Term, StringComparer.Ordinal)],
            query.Terms.Count,
            query.Phrases,
            query.Excluded,
            corrections is null ? null : Corrected(query, corrections));
    }

    /// <summary>Everything the plan may have to know.</summary>
    private static IEnumerable<Counting> Wanted(ScopedIndex view, ParsedQuery query)
    {
        for (var i = 0; i < query.Terms.Count; i++)
        {
            yield return Counting.Term(query.Terms[i]);
            if (i + 1 < query.Terms.Count && view.Index.TermOf(query.Words[i] + query.Words[i + 1]) is { } joined)
            {
                yield return Counting.Term(joined);
                yield return Counting.Pair(query.Terms[i], query.Terms[i + 1]);
            }

            foreach (var (first, second) in Splits(view, query.Words[i]))
            {
                yield return Counting.Pair(first, second);
            }
        }
    }

    /// <summary>The joined form of a query's word and the next one, where it is more than twice as usual; else null.</summary>
    private static string? Joined(ScopedIndex view, Counts counts, ParsedQuery query, int at)
    {
        if (at + 1 >= query.Terms.Count || view.Index.TermOf(query.Words[at] + query.Words[at + 1]) is not { } joined)
        {
            return null;
        }

        var frequency = counts.Of(Counting.Term(joined));
        return frequency >= MinFrequency && frequency > 2 * counts.Of(Counting.Pair(query.Terms[at], query.Terms[at + 1])) ? joined : null;
    }

    private static async ValueTask<bool> AddSplitAsync(ScopedIndex view, Counts counts, ParsedQuery query, int at, List<PlannedWord> words, CancellationToken cancellationToken)
    {
        var own = counts.Of(Counting.Term(query.Terms[at]));
        if (own * 2 > MaxCount)
        {
            return false;
        }

        (string First, string Second)? best = null;
        var most = Math.Max(2 * own, MinFrequency);
        foreach (var (first, second) in Splits(view, query.Words[at]))
        {
            var count = Math.Min(counts.Of(Counting.Pair(first, second)), MaxCount);
            if (count > most)
            {
                (most, best) = (count, (first, second));
            }
        }

        if (best is not var (head, tail))
        {
            return false;
        }

        var frequencies = await view.CountAsync([Counting.Term(head), Counting.Term(tail)], cancellationToken).ConfigureAwait(false);
        Add(view, frequencies, words, head, 1);
        Add(view, frequencies, words, tail, 1);
        return true;
    }

    private static IEnumerable<(string First, string Second)> Splits(ScopedIndex view, string word)
    {
        if (word.Length is < MinSplitLength or > MaxSplitLength || !word.All(char.IsAsciiLetter))
        {
            yield break;
        }

        for (var cut = 1; cut <= word.Length - MinTail; cut++)
        {
            if (view.Index.TermOf(word[..cut]) is { } first && view.Index.TermOf(word[cut..]) is { } second)
            {
                yield return (first, second);
            }
        }
    }

    private static bool Add(ScopedIndex view, Counts counts, List<PlannedWord> words, string term, float weight)
    {
        if (!words.Exists(w => w.Term == term))
        {
            var frequency = counts.Of(Counting.Term(term));
            words.Add(new PlannedWord(term, MathF.Log(1 + ((view.Visible - frequency + .5f) / (frequency + .5f))), weight));
        }

        return true;
    }

    private static string Corrected(ParsedQuery query, List<(string From, string To)> corrections)
    {
        var words = query.Words.Select(w => corrections.FirstOrDefault(c => c.From == w).To ?? w);
        var excluded = query.ExcludedWords.Select(e => "without " + e);
        return string.Join(' ', words.Concat(excluded));
    }
}
