using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// Finds the visible values of a field that match a text. Asked for one value that exists: O(log values + its postings). Otherwise
/// O(visible values · length of the text); the first question of a view about a field counts its values, O(postings of the field).
/// </summary>
internal static class FacetValueFinder
{
    // No field has an empty name: the key of the names of specifications among the values a view remembers.
    private const string Names = "";

    public static IReadOnlyList<FacetValueMatch> Find(ScopeView view, FacetValueQuery query, CancellationToken cancellationToken)
    {
        if (query.Field == ProductFields.Id)
        {
            return Ids(view, query);
        }

        var matcher = new FacetValueMatcher(query.Field, query.Text);
        if (query is { Size: 1, Field: { } field } && matcher.Text.Length > 0 && Exact(view, field, matcher) is { } exact)
        {
            return [exact];
        }

        var values = view.Values(query.Field ?? Names, (v, key) => query.Field is null ? CountNames(v, cancellationToken) : CountValues(v, key, cancellationToken));
        return [.. FoundValues.Best(values, matcher, query.Size, cancellationToken)
            .Select(f => query.Field is null ? f : f with { Value = view.DisplayName(query.Field, f.Value) })];
    }

    /// <summary>The visible ids that begin with the text, in the order of their bytes. O(log products + ids that begin so), of which only those found are decoded.</summary>
    private static List<FacetValueMatch> Ids(ScopeView view, FacetValueQuery query)
    {
        var ids = view.Generation.ByIdRank;
        var text = Encoding.UTF8.GetBytes(query.Text);
        var (rank, end) = (0, ids.Length);
        while (rank < end)
        {
            var middle = rank + ((end - rank) / 2);
            (rank, end) = IdBytes(view, ids[middle]).SequenceCompareTo(text) < 0 ? (middle + 1, end) : (rank, middle);
        }

        var found = new List<FacetValueMatch>();
        for (; rank < ids.Length && found.Count < query.Size && IdBytes(view, ids[rank]).StartsWith(text); rank++)
        {
            if (view.Sees(ids[rank]))
            {
                var id = view.Generation.Id(ids[rank]);
                found.Add(new FacetValueMatch(id, 1, id == query.Text ? FacetMatch.Exact : FacetMatch.Prefix));
            }
        }

        return found;
    }

    private static ReadOnlySpan<byte> IdBytes(ScopeView view, int ordinal)
    {
        var (segment, product) = view.Generation.Locate(ordinal);
        return segment.IdBytes(product);
    }

    /// <summary>The written value itself; where a category's forms name several, the one that comes first in order.</summary>
    private static FacetValueMatch? Exact(ScopeView view, string field, FacetValueMatcher matcher)
    {
        var best = matcher.Forms
            .Select(form => (Form: form, Count: Count(view, field, form)))
            .OrderByDescending(f => f.Count)
            .ThenBy(f => f.Form, Utf8Order.Instance)
            .First();
        return best.Count == 0 ? null : new FacetValueMatch(view.DisplayName(field, best.Form), best.Count, FacetMatch.Exact);
    }

    private static int Count(ScopeView view, string field, string value)
    {
        var count = 0;
        var utf8 = Encoding.UTF8.GetBytes(value);
        for (var s = 0; s < view.Generation.Segments.Length; s++)
        {
            var segment = view.Generation.Segments[s];
            var keyword = segment.FindKeyword(field, utf8);
            count += keyword < 0 ? 0 : FacetCounter.Intersect(segment, keyword, view.Generation.Base(s), view.Visible);
        }

        return count;
    }

    private static VisibleValues CountValues(ScopeView view, string field, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var s = 0; s < view.Generation.Segments.Length; s++)
        {
            var segment = view.Generation.Segments[s];
            var range = segment.KeywordFields.GetValueOrDefault(field);
            for (var keyword = range.First; keyword < range.End; keyword++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = FacetCounter.Intersect(segment, keyword, view.Generation.Base(s), view.Visible);
                if (count > 0)
                {
                    var value = segment.Keyword(keyword);
                    counts[value] = counts.GetValueOrDefault(value) + count;
                }
            }
        }

        return Of(counts);
    }

    private static VisibleValues CountNames(ScopeView view, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in FacetRun.SpecificationFields(view.Generation))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var products = FacetRun.Products(view.Generation, field, view.Visible);
            if (products > 0)
            {
                counts.Add(field[ProductFields.SpecificationPrefix.Length..], products);
            }
        }

        return Of(counts);
    }

    private static VisibleValues Of(Dictionary<string, int> counts) => new([.. counts.Keys], [.. counts.Values]);
}
