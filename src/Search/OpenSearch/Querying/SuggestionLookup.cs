using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>
/// Completes what is being typed from what the scope sees, by the rules of the embedded engine: whole brands and classes that start with it, then its last word
/// within the products that have the words before. One round trip, and one more for the spelling of brands and classes not shown before.
/// </summary>
internal static class SuggestionLookup
{
    private const string Words = "words";
    private const string Among = "among";
    private const string TermKind = "term";

    /// <summary>More terms are asked for than are shown: some have nothing to search in them.</summary>
    private const int Reserve = 30;

    public static async ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(ScopedIndex view, SuggestQuery query, CancellationToken cancellationToken)
    {
        var typed = Keyword.Normalize(query.Prefix);
        if (typed.Length == 0)
        {
            return [];
        }

        var lastStart = typed.Length;
        while (lastStart > 0 && !char.IsWhiteSpace(typed[lastStart - 1]))
        {
            lastStart--;
        }

        var (before, last) = (typed[..lastStart].TrimEnd(), typed[lastStart..]);
        var searches = view.Aggregations(json =>
        {
            SearchJson.WriteTerms(json, ProductFields.Class, IndexFields.Keyword(ProductFields.Class), query.Size + Reserve, SearchJson.Prefix(typed));
            SearchJson.WriteTerms(json, ProductFields.Brand, IndexFields.Keyword(ProductFields.Brand), query.Size + Reserve, SearchJson.Prefix(typed));
            WriteWords(json, before, last, query.Size + Reserve);
        });
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        var counted = answer[0].GetProperty("aggregations");
        var kinds = await NamedAsync(view, counted, ProductFields.Class, query.Size, cancellationToken).ConfigureAwait(false);
        var brands = await NamedAsync(view, counted, ProductFields.Brand, query.Size, cancellationToken).ConfigureAwait(false);
        var words = last.Length == 0 ? [] : SearchHits.Buckets(counted.GetProperty(Among).GetProperty(Words))
            .Where(b => IsSearchable(view, b.Key))
            .Take(query.Size)
            .Select(b => new Suggestion(before.Length == 0 ? b.Key : $"{before} {b.Key}", TermKind, b.Count));
        return [.. kinds.Concat(brands).Concat(words)
            .Where(s => IsSearchable(view, s.Text))
            .OrderByDescending(s => s.Count)
            .ThenBy(s => s.Kind, StringComparer.Ordinal)
            .ThenBy(s => s.Text, StringComparer.Ordinal)
            .DistinctBy(s => Keyword.Normalize(s.Text))
            .Take(query.Size)];
    }

    /// <summary>Words with the prefix, counted among the products that have the words before it.</summary>
    private static void WriteWords(Utf8JsonWriter json, string before, string last, int size)
    {
        json.WriteStartObject(Among);
        json.WritePropertyName("filter");
        var having = SuggestionWords.Words(before).Take(CatalogLimits.QueryTerms).ToList();
        if (having.Count == 0)
        {
            json.MatchAll();
        }
        else
        {
            json.StartBool();
            json.WriteStartArray("filter");
            having.ForEach(w => json.Term(new FieldTerm(IndexFields.Words, w)));
            json.WriteEndArray();
            json.EndBool();
        }

        json.WriteStartObject("aggs");
        SearchJson.WriteTerms(json, Words, IndexFields.Words, size, SearchJson.Prefix(last));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The most frequent values with the prefix, as they are written.</summary>
    private static async ValueTask<IEnumerable<Suggestion>> NamedAsync(ScopedIndex view, JsonElement counted, string field, int size, CancellationToken cancellationToken)
    {
        var values = SearchHits.Buckets(counted.GetProperty(field)).Where(b => IsSearchable(view, b.Key)).Take(size).ToList();
        var names = await DisplayNames.FindAsync(view, values.Select(v => new FieldValueTerm(field, v.Key)), cancellationToken).ConfigureAwait(false);
        return values.Select(v => new Suggestion(names.Of(new FieldValueTerm(field, v.Key)), field, v.Count));
    }

    /// <summary>A text without any term to search would be completed to a search that finds nothing.</summary>
    private static bool IsSearchable(ScopedIndex view, string text) => QueryParser.Parse(text, view.Index.Analyzer).Terms.Count > 0;
}
