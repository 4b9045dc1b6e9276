using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// Words written together or apart: "head set" also searches "headset", "tshirt" also "t shirt", where the other spelling is at least
/// twice as usual among the products the scope sees. What was found is remembered a view.
/// </summary>
internal static class Compounds
{
    private const int MinFrequency = 2;
    private const int MinSplitLength = 5;
    private const int MaxSplitLength = 24;
    private const int MinTail = 3;

    /// <summary>More is not counted: a split must beat twice the word's own frequency, and a word this frequent needs no split.</summary>
    private const int MaxCount = 1_000;

    /// <summary>The joined form of a query's word and the next one, or null.</summary>
    public static string? Join(ScopeView view, ParsedQuery query, int at)
    {
        var written = $"{query.Words[at]} {query.Words[at + 1]}";
        var remembered = view.Compound(written);
        if (remembered is null)
        {
            remembered = FindJoined(view, query, at) is { } joined ? [joined] : [];
            view.RememberCompound(written, remembered);
        }

        return remembered.Length == 0 ? null : remembered[0];
    }

    /// <summary>The two words a compound is made of, or null.</summary>
    public static (string First, string Second)? Split(ScopeView view, string term, string word)
    {
        if (word.Length is < MinSplitLength or > MaxSplitLength || !word.All(char.IsAsciiLetter))
        {
            return null;
        }

        var own = view.Term(term).DocumentFrequency;
        if (own * 2 > MaxCount)
        {
            return null;
        }

        var remembered = view.Compound(word);
        if (remembered is null)
        {
            remembered = FindSplit(view, word, own);
            view.RememberCompound(word, remembered);
        }

        return remembered.Length == 0 ? null : (remembered[0], remembered[1]);
    }

    private static string? FindJoined(ScopeView view, ParsedQuery query, int at)
    {
        if (view.Generation.TermOf(query.Words[at] + query.Words[at + 1]) is not { } joined)
        {
            return null;
        }

        var frequency = view.Term(joined).DocumentFrequency;
        return frequency >= MinFrequency
            && frequency > 2 * PhraseMatcher.CountPair(view, query.Terms[at], query.Terms[at + 1], (frequency / 2) + 1)
            ? joined
            : null;
    }

    private static string[] FindSplit(ScopeView view, string word, int own)
    {
        string[] best = [];
        var most = Math.Max(2 * own, MinFrequency);
        for (var cut = 1; cut <= word.Length - MinTail; cut++)
        {
            if (view.Generation.TermOf(word[..cut]) is { } first && view.Generation.TermOf(word[cut..]) is { } second
                && view.Term(first).DocumentFrequency > most && view.Term(second).DocumentFrequency > most)
            {
                var count = PhraseMatcher.CountPair(view, first, second, MaxCount);
                if (count > most)
                {
                    (most, best) = (count, [first, second]);
                }
            }
        }

        return best;
    }
}
