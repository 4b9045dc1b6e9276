using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// Completes what is being typed from what the scope sees: whole brands and classes that start with it, then its last word completed
/// within the products that have the words before. Counts are of visible products. O(values with the prefix and their postings).
/// </summary>
internal static class Suggester
{
    public static IReadOnlyList<Suggestion> Suggest(ScopeView view, string prefix, int size)
    {
        var typed = Keyword.Normalize(prefix);
        if (typed.Length == 0)
        {
            return [];
        }

        var suggestions = Named(view, ProductFields.Class, typed, size).Concat(Named(view, ProductFields.Brand, typed, size)).Concat(Completions(view, typed, size));
        return [.. suggestions
            .Where(s => IsSearchable(view, s.Text))
            .OrderByDescending(s => s.Count)
            .ThenBy(s => s.Kind, StringComparer.Ordinal)
            .ThenBy(s => s.Text, StringComparer.Ordinal)
            .DistinctBy(s => Keyword.Normalize(s.Text))
            .Take(size)];
    }

    /// <summary>The most frequent values with the prefix; only these are read for how a product writes them.</summary>
    private static IEnumerable<Suggestion> Named(ScopeView view, string field, string typed, int size) =>
        Values(view, field, typed, view.Visible)
            .OrderByDescending(v => v.Value)
            .ThenBy(v => v.Key, Utf8Order.Instance)
            .Where(v => IsSearchable(view, v.Key))
            .Take(size)
            .Select(v => new Suggestion(view.DisplayName(field, v.Key), field, v.Value));

    /// <summary>The most frequent words with the prefix among the given products.</summary>
    public static IReadOnlyList<Suggestion> Words(ScopeView view, string prefix, ReadOnlySpan<ulong> among, int limit, Func<string, bool>? accept = null) =>
        [.. Values(view, SegmentFormat.WordField, prefix, among)
            .OrderByDescending(v => v.Value)
            .ThenBy(v => v.Key, Utf8Order.Instance)
            .Where(v => accept is null || accept(v.Key))
            .Take(limit)
            .Select(v => new Suggestion(v.Key, "term", v.Value))];

    private static IEnumerable<Suggestion> Completions(ScopeView view, string typed, int size)
    {
        var lastStart = typed.Length;
        while (lastStart > 0 && !char.IsWhiteSpace(typed[lastStart - 1]))
        {
            lastStart--;
        }

        var before = typed[..lastStart].TrimEnd();
        var among = view.Visible;
        if (before.Length > 0)
        {
            among = [.. view.Visible];
            foreach (var word in SuggestionWords.Words(before).Take(CatalogLimits.QueryTerms))
            {
                var having = Bits.New(view.Generation.Count);
                FilterBitmaps.AddValue(view.Generation, SegmentFormat.WordField, word, having);
                Bits.And(among, having);
            }
        }

        var last = typed[lastStart..];
        return last.Length == 0
            ? []
            : Words(view, last, among, size, w => IsSearchable(view, w)).Select(w => before.Length == 0 ? w : w with { Text = $"{before} {w.Text}" });
    }

    /// <summary>A text without any term to search (stop words, a negation, a script the analyzer does not read) would be completed to a search that finds nothing.</summary>
    private static bool IsSearchable(ScopeView view, string text) => QueryParser.Parse(text, view.Generation.Analyzer).Terms.Count > 0;

    private static Dictionary<string, int> Values(ScopeView view, string field, string prefix, ReadOnlySpan<ulong> among)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(prefix);
        for (var s = 0; s < view.Generation.Segments.Length; s++)
        {
            var segment = view.Generation.Segments[s];
            if (!segment.KeywordFields.TryGetValue(field, out var range))
            {
                continue;
            }

            for (var keyword = segment.LowerBound(range, bytes); keyword < range.End && segment.KeywordBytes(keyword).StartsWith(bytes); keyword++)
            {
                var count = FacetCounter.Intersect(segment, keyword, view.Generation.Base(s), among);
                if (count > 0)
                {
                    var value = segment.Keyword(keyword);
                    counts[value] = counts.GetValueOrDefault(value) + count;
                }
            }
        }

        return counts;
    }
}
