using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>
/// Finds the visible values of a field that match a text. The values of a view are counted once a field and matched here, by the rules of the embedded engine;
/// of a field with more than <see cref="MostValues"/> the most frequent ones.
/// </summary>
internal static class FacetValueLookup
{
    private const int MostValues = 20_000;

    // No field has an empty name: the key of the names of specifications among the values a view remembers.
    private const string Names = "";

    public static async ValueTask<IReadOnlyList<FacetValueMatch>> FindAsync(CatalogAsk ask, FacetValueQuery query, CancellationToken cancellationToken)
    {
        if (query.Field == ProductFields.Id)
        {
            return await IdsAsync(ask.View, query, cancellationToken).ConfigureAwait(false);
        }

        var matcher = new FacetValueMatcher(query.Field, query.Text);
        if (query is { Size: 1, Field: { } field } && matcher.Text.Length > 0 && await ExactAsync(ask.View, field, matcher, cancellationToken).ConfigureAwait(false) is { } exact)
        {
            return [exact];
        }

        var values = await ValuesAsync(ask.View, query.Field ?? Names, cancellationToken).ConfigureAwait(false);
        var found = FoundValues.Best(values, matcher, query.Size, cancellationToken);
        return query.Field is null ? found : await NamedAsync(ask.View, query.Field, found, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<IReadOnlyList<FacetValueMatch>> NamedAsync(ScopedIndex view, string field, IReadOnlyList<FacetValueMatch> found, CancellationToken cancellationToken)
    {
        FieldValueTerm Term(FacetValueMatch match) => new(field, FieldTerm.Of(field, match.Value).Term);
        var names = await DisplayNames.FindAsync(view, found.Select(Term), cancellationToken).ConfigureAwait(false);
        return [.. found.Select(f => f with { Value = names.Of(Term(f)) })];
    }

    /// <summary>The visible ids that begin with the text, in the order of their bytes.</summary>
    private static async ValueTask<IReadOnlyList<FacetValueMatch>> IdsAsync(ScopedIndex view, FacetValueQuery query, CancellationToken cancellationToken)
    {
        var searches = view.Searches();
        searches.Add(json =>
        {
            json.WriteNumber("size", query.Size);
            json.WriteBoolean("track_total_hits", false);
            json.WritePropertyName("query");
            json.StartBool();
            json.WriteStartArray("filter");
            view.WriteFilter(json);
            SearchJson.WritePrefix(json, IndexFields.Id, query.Text);
            json.WriteEndArray();
            json.EndBool();
            json.WriteStartArray("sort");
            SearchJson.WriteOrder(json, IndexFields.Id, "asc");
            json.WriteEndArray();
            SearchJson.WriteFields(json);
        });
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        return [.. SearchHits.All(answer[0]).Select(SearchHits.Id).Select(id => new FacetValueMatch(id, 1, id == query.Text ? FacetMatch.Exact : FacetMatch.Prefix))];
    }

    /// <summary>The written value itself; where a category's forms name several, the one most products have.</summary>
    private static async ValueTask<FacetValueMatch?> ExactAsync(ScopedIndex view, string field, FacetValueMatcher matcher, CancellationToken cancellationToken)
    {
        var counts = await view.CountAsync(matcher.Forms.Select(f => Counting.Value(field, f)), cancellationToken).ConfigureAwait(false);
        var best = matcher.Forms
            .Select(form => (Form: form, Count: counts.Of(Counting.Value(field, form))))
            .OrderByDescending(f => f.Count)
            .ThenBy(f => f.Form, Utf8Order.Instance)
            .First();
        return best.Count == 0 ? null : (await NamedAsync(view, field, [new FacetValueMatch(best.Form, best.Count, FacetMatch.Exact)], cancellationToken).ConfigureAwait(false))[0];
    }

    private static async ValueTask<VisibleValues> ValuesAsync(ScopedIndex view, string field, CancellationToken cancellationToken)
    {
        if (view.Values.TryGet(field, out var known))
        {
            return known!;
        }

        var prefix = field.Length > 0 && FieldTerm.IsSpecification(field) ? FieldTerm.SpecificationPrefix(field) : "";
        var searches = view.Aggregations(json => SearchJson.WriteTerms(
            json,
            "values",
            field.Length == 0 ? IndexFields.SpecificationNames : FieldTerm.Of(field, "").Field,
            MostValues,
            prefix.Length == 0 ? null : SearchJson.Prefix(prefix)));
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        var buckets = SearchHits.Buckets(answer[0].GetProperty("aggregations").GetProperty("values")).ToList();
        var values = new VisibleValues([.. buckets.Select(b => b.Key[prefix.Length..])], [.. buckets.Select(b => b.Count)]);
        view.Values.Add(field, values, values.Bytes);
        return values;
    }
}
