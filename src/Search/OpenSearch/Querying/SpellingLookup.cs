using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Text;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>
/// Corrects a word that no visible product has to the closest visible one, by the rules of the embedded engine: distance 1, or 2 from eight letters on; below six
/// letters the first one must agree; the closest wins, then the most frequent. The words are those of visible products only: the node's own term suggester
/// looks at all products, and would tell what the hidden ones are called.
/// </summary>
internal static class SpellingLookup
{
    private const int MinLength = 4;
    private const int MaxLength = 32;
    private const int LengthForTwo = 8;
    private const int LengthForFreeStart = 6;

    /// <summary>Terms of the whole index that one fuzzy query may stand for. Far above what lies within two letters, so that hidden terms crowd no visible one out.</summary>
    private const int Expansions = 1_000;
    private const int WordsLookedAt = 10_000;
    private const int ProductsLookedAt = 200;

    /// <summary>The corrected word and its term, or null when there is none.</summary>
    public static async ValueTask<(string Word, string Term)?> CorrectAsync(ScopedIndex view, string term, string word, CancellationToken cancellationToken)
    {
        var written = Keyword.Normalize(word);
        if (!view.Corrections.TryGet(written, out var remembered))
        {
            remembered = await FindAsync(view, term, written, cancellationToken).ConfigureAwait(false) ?? "";
            view.Corrections.Add(written, remembered, 96 + ((written.Length + remembered.Length) * sizeof(char)));
        }

        return remembered!.Length == 0 || view.Index.TermOf(remembered) is not { } corrected ? null : (remembered, corrected);
    }

    private static async ValueTask<string?> FindAsync(ScopedIndex view, string term, string word, CancellationToken cancellationToken)
    {
        if (IsCorrectable(word))
        {
            var words = await WordsAsync(view, word, cancellationToken).ConfigureAwait(false);
            if (await BestAsync(view, word, words, cancellationToken).ConfigureAwait(false) is { } whole)
            {
                return whole;
            }
        }

        if (!IsCorrectable(term))
        {
            return null;
        }

        var terms = await TermsAsync(view, term, cancellationToken).ConfigureAwait(false);
        return await BestAsync(view, term, terms, cancellationToken).ConfigureAwait(false) is { } stem ? await WordForAsync(view, stem, cancellationToken).ConfigureAwait(false) : null;
    }

    private static async ValueTask<string?> BestAsync(ScopedIndex view, string written, List<(string Text, int Distance)> found, CancellationToken cancellationToken)
    {
        var counts = await view.CountAsync(found.Select(f => Counting.Term(view.Index.TermOf(f.Text) ?? f.Text)), cancellationToken).ConfigureAwait(false);
        return found
            .Select(f => (f.Text, f.Distance, Frequency: counts.Of(Counting.Term(view.Index.TermOf(f.Text) ?? f.Text))))
            .Where(f => f.Frequency > 0 && f.Text != written)
            .OrderBy(f => f.Distance)
            .ThenByDescending(f => f.Frequency)
            .ThenBy(f => f.Text, StringComparer.Ordinal)
            .Select(f => f.Text)
            .FirstOrDefault();
    }

    /// <summary>Whole words of names, brands and classes first: they are what people mistype.</summary>
    private static async ValueTask<List<(string, int)>> WordsAsync(ScopedIndex view, string word, CancellationToken cancellationToken)
    {
        var searches = view.Searches();
        searches.Add(json =>
        {
            WriteQuery(json, view, IndexFields.Words, word, size: 0);
            json.WriteStartObject("aggs");
            SearchJson.WriteTerms(json, "words", IndexFields.Words, WordsLookedAt);
            json.WriteEndObject();
        });
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        return Near(word, SearchHits.Buckets(answer[0].GetProperty("aggregations").GetProperty("words")).Select(b => b.Key));
    }

    /// <summary>Then the terms of every other text, read from the visible products that have one that is close.</summary>
    private static async ValueTask<List<(string, int)>> TermsAsync(ScopedIndex view, string term, CancellationToken cancellationToken)
    {
        var searches = view.Searches();
        searches.Add(json =>
        {
            WriteQuery(json, view, IndexFields.SearchText, term, ProductsLookedAt);
            SearchJson.WriteProducts(json);
            json.WriteStartArray("sort");
            SearchJson.WriteOrder(json, IndexFields.Id, "asc");
            json.WriteEndArray();
        });
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        var tokens = new List<TextToken>();
        foreach (var hit in SearchHits.All(answer[0]))
        {
            foreach (var text in Analysis.SearchText.Fields(SearchHits.Product(hit)).SelectMany(f => f.Texts))
            {
                view.Index.Analyzer.Analyze(text, tokens);
            }
        }

        return Near(term, tokens.Select(t => t.Term));
    }

    /// <summary>A whole word for a term: the most frequent visible word that has it, else the term itself.</summary>
    private static async ValueTask<string> WordForAsync(ScopedIndex view, string term, CancellationToken cancellationToken)
    {
        // The stemmer writes a final y as i: no word starts with the stem "batteri".
        var start = term.Length > MinLength && term[^1] == 'i' ? term[..^1] : term;
        var searches = view.Aggregations(json => SearchJson.WriteTerms(json, "words", IndexFields.Words, ProductsLookedAt, SearchJson.Prefix(start)));
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        return SearchHits.Buckets(answer[0].GetProperty("aggregations").GetProperty("words")).Select(b => b.Key).FirstOrDefault(w => view.Index.TermOf(w) == term) ?? term;
    }

    private static List<(string Text, int Distance)> Near(string written, IEnumerable<string> texts) =>
    [
        .. texts.Distinct(StringComparer.Ordinal)
            .Where(t => written.Length >= LengthForFreeStart || (t.Length > 0 && t[0] == written[0]))
            .Select(t => (t, EditDistance.Within(written, t, Limit(written))))
            .Where(t => t.Item2 >= 0),
    ];

    private static void WriteQuery(Utf8JsonWriter json, ScopedIndex view, string field, string text, int size)
    {
        json.WriteNumber("size", size);
        json.WritePropertyName("query");
        json.StartBool();
        json.WriteStartArray("filter");
        view.WriteFilter(json);
        json.WriteStartObject();
        json.WriteStartObject("fuzzy");
        json.WriteStartObject(field);
        json.WriteString("value", text);
        json.WriteNumber("fuzziness", Limit(text));
        json.WriteNumber("prefix_length", text.Length < LengthForFreeStart ? 1 : 0);
        json.WriteNumber("max_expansions", Expansions);
        json.WriteBoolean("transpositions", true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.EndBool();
    }

    private static int Limit(string text) => text.Length >= LengthForTwo ? 2 : 1;

    private static bool IsCorrectable(string text) => text.Length is >= MinLength and <= MaxLength && !text.AsSpan().ContainsAnyInRange('0', '9');
}
