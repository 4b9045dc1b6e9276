using System.Collections.Frozen;

namespace AiPlatform.Search.Analysis;

/// <summary>
/// English: lower case, diacritics dropped, words of ASCII letters and digits with one decimal part (<c>2.4ghz</c> is <c>2.4</c> and <c>ghz</c>), possessives cut
/// ("women's" is "women"), 27 stop words dropped, Snowball English stems. Characters of other scripts part words: a catalog in them takes <see cref="PlainAnalyzer"/>.
/// </summary>
/// <remarks>One instance holds a bounded cache of words; share it (<see cref="TextAnalyzers"/> does). Known words cost no allocation.</remarks>
public sealed class EnglishAnalyzer : ITextAnalyzer
{
    /// <summary>Characters of a word that its term keeps; the rest of a longer word is skipped.</summary>
    public const int LongestWord = 64;

    private const string Dropped = "";

    private readonly TermCache _terms = new();

    /// <summary>Words that give no term. "no", "not" and "without" are not among them: they carry meaning in a query.</summary>
    public static FrozenSet<string> StopWords { get; } = FrozenSet.ToFrozenSet(
        ["a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "in", "into", "is", "it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "were", "will", "with"],
        StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "english-1";

    /// <inheritdoc/>
    public void Analyze(ReadOnlySpan<char> text, List<TextToken> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        Span<char> word = stackalloc char[LongestWord];
        var reader = new EnglishWordReader(text, word);
        while (reader.Next())
        {
            var term = TermOf(word[..reader.WordLength]);
            if (term.Length > 0)
            {
                tokens.Add(new TextToken(term, reader.Start, reader.End - reader.Start));
            }
        }
    }

    /// <summary>The term of one word: folded and stemmed as <see cref="Analyze"/> does it; empty for a stop word and for what is no word.</summary>
    public string NormalizeWord(ReadOnlySpan<char> word)
    {
        Span<char> folded = stackalloc char[LongestWord];
        var reader = new EnglishWordReader(word, folded);
        return reader.Next() ? TermOf(folded[..reader.WordLength]) : Dropped;
    }

    /// <summary>Whether a word, in any case, is a stop word.</summary>
    public static bool IsStopWord(ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[8];
        return word.Length <= lower.Length
            && word.ToLowerInvariant(lower) == word.Length
            && StopWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(lower[..word.Length]);
    }

    private string TermOf(ReadOnlySpan<char> word) => _terms.TryGet(word, out var term) ? term : _terms.Add(word, Compute(word));

    private static string Compute(ReadOnlySpan<char> word)
    {
        if (IsStopWord(word))
        {
            return Dropped;
        }

        if (word.ContainsAnyInRange('0', '9'))
        {
            return word.ToString();
        }

        Span<char> stem = stackalloc char[LongestWord + 1];
        word.CopyTo(stem);
        return stem[..SnowballEnglishStemmer.Stem(stem, word.Length)].ToString();
    }
}
