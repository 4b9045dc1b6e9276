using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;

namespace AiPlatform.Search.Querying;

/// <summary>Takes a query text apart: quotes make phrases, "without X" excludes X, the rest is terms. O(length).</summary>
internal static class QueryParser
{
    private const string Negation = "without";

    /// <summary>Every phrase walks the matches once more: further ones are searched as words only.</summary>
    private const int MaxPhrases = 8;

    public static ParsedQuery Parse(string text, ITextAnalyzer analyzer)
    {
        var parsed = new ParsedQuery([], [], [], [], []);
        var tokens = new List<TextToken>();
        var quoted = false;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var quote = rest.IndexOf('"');
            var part = quote < 0 ? rest : rest[..quote];
            if (quoted && quote >= 0)
            {
                AddPhrase(part, analyzer, tokens, parsed);
            }
            else
            {
                AddWords(part, analyzer, tokens, parsed);
            }

            rest = quote < 0 ? [] : rest[(quote + 1)..];
            quoted = !quoted;
        }

        return parsed;
    }

    private static void AddPhrase(ReadOnlySpan<char> part, ITextAnalyzer analyzer, List<TextToken> tokens, ParsedQuery parsed)
    {
        tokens.Clear();
        analyzer.Analyze(part, tokens);
        if (tokens.Count > 1 && parsed.Phrases.Count < MaxPhrases && !parsed.Phrases.Exists(p => p.SequenceEqual(tokens.Select(t => t.Term))))
        {
            parsed.Phrases.Add([.. tokens.Take(CatalogLimits.QueryTerms).Select(t => t.Term)]);
        }

        AddTerms(part, tokens, parsed);
    }

    private static void AddWords(ReadOnlySpan<char> part, ITextAnalyzer analyzer, List<TextToken> tokens, ParsedQuery parsed)
    {
        while (!part.IsEmpty)
        {
            var negation = part.IndexOf(Negation, StringComparison.OrdinalIgnoreCase);
            while (negation >= 0 && !IsWord(part, negation))
            {
                var next = part[(negation + 1)..].IndexOf(Negation, StringComparison.OrdinalIgnoreCase);
                negation = next < 0 ? -1 : negation + 1 + next;
            }

            tokens.Clear();
            analyzer.Analyze(negation < 0 ? part : part[..negation], tokens);
            AddTerms(part, tokens, parsed);
            if (negation < 0)
            {
                return;
            }

            part = part[(negation + Negation.Length)..];
            tokens.Clear();
            analyzer.Analyze(part, tokens);
            if (tokens.Count == 0)
            {
                return;
            }

            var excluded = ExcludedTokens(part, tokens);
            for (var i = 0; i < excluded; i++)
            {
                parsed.Excluded.Add(tokens[i].Term);
                parsed.ExcludedWords.Add(part.Slice(tokens[i].Start, tokens[i].Length).ToString());
            }

            part = part[(tokens[excluded - 1].Start + tokens[excluded - 1].Length)..];
        }
    }

    /// <summary>One word is excluded, or two where they end the query side by side ("without mesh liner") or the first is a letter ("without c wire").</summary>
    private static int ExcludedTokens(ReadOnlySpan<char> part, List<TextToken> tokens) =>
        tokens.Count > 1
        && (tokens.Count == 2 || tokens[0].Length == 1)
        && part[(tokens[0].Start + tokens[0].Length)..tokens[1].Start].IsWhiteSpace()
            ? 2
            : 1;

    private static bool IsWord(ReadOnlySpan<char> text, int at) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && (at + Negation.Length == text.Length || !char.IsLetterOrDigit(text[at + Negation.Length]));

    private static void AddTerms(ReadOnlySpan<char> text, List<TextToken> tokens, ParsedQuery parsed)
    {
        for (var i = 0; i < tokens.Count && parsed.Terms.Count < CatalogLimits.QueryTerms; i++)
        {
            if (!parsed.Terms.Contains(tokens[i].Term))
            {
                parsed.Terms.Add(tokens[i].Term);
                parsed.Words.Add(text.Slice(tokens[i].Start, tokens[i].Length).ToString());
            }
        }
    }
}
