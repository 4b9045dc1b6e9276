using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>The values that filters can take, over the visible products that match.</summary>
internal static class FacetSearch
{
    private const string Names = "names";

    public static async ValueTask<FacetOverview> RunAsync(CatalogAsk ask, FacetQuery query, CancellationToken cancellationToken)
    {
        var plan = string.IsNullOrWhiteSpace(query.Text)
            ? null
            : await WordPlanner.PlanAsync(ask.View, QueryParser.Parse(query.Text, ask.Index.Analyzer), cancellationToken).ConfigureAwait(false);
        var match = new MatchQuery(ask.View, query.Filters, plan);
        if (!query.Facets.IsEmpty)
        {
            var (total, facets) = await CountAsync(match, query.Facets, cancellationToken).ConfigureAwait(false);
            return new FacetOverview(total, facets, ask.Index.Generation);
        }

        ImmutableArray<FacetRequest> common = [.. OverviewFacets.Common.Select(f => new FacetRequest(f, OverviewFacets.Values))];
        var (all, first) = await CountAsync(match, common, cancellationToken).ConfigureAwait(false);
        var specifications = await SpecificationsAsync(match, cancellationToken).ConfigureAwait(false);
        var (_, others) = specifications.IsEmpty ? (0, []) : await CountAsync(match, specifications, cancellationToken).ConfigureAwait(false);
        return new FacetOverview(all, [.. first.Where(f => f.DistinctValues > 0 || f.Min is not null), .. others], ask.Index.Generation);
    }

    private static async ValueTask<(int Total, ImmutableArray<Facet> Facets)> CountAsync(MatchQuery match, ImmutableArray<FacetRequest> facets, CancellationToken cancellationToken)
    {
        var searches = match.View.Searches();
        searches.Add(json =>
        {
            json.WriteNumber("size", 0);
            json.WriteBoolean("track_total_hits", true);
            json.WritePropertyName("query");
            match.Write(json, scored: false);
            FacetReader.Write(json, facets);
        });
        using var answer = await searches.SendAsync(match.View.Connection, cancellationToken).ConfigureAwait(false);
        return (SearchHits.Total(answer[0]), await FacetReader.ReadAsync(match.View, facets, answer[0], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The specifications that most of the matches have.</summary>
    private static async ValueTask<ImmutableArray<FacetRequest>> SpecificationsAsync(MatchQuery match, CancellationToken cancellationToken)
    {
        var searches = match.View.Searches();
        searches.Add(json =>
        {
            json.WriteNumber("size", 0);
            json.WritePropertyName("query");
            match.Write(json, scored: false);
            json.WriteStartObject("aggs");
            SearchJson.WriteTerms(json, Names, IndexFields.SpecificationNames, OverviewFacets.Specifications);
            json.WriteEndObject();
        });
        using var answer = await searches.SendAsync(match.View.Connection, cancellationToken).ConfigureAwait(false);
        return [.. SearchHits.Buckets(answer[0].GetProperty("aggregations").GetProperty(Names)).Select(b => new FacetRequest(ProductFields.SpecificationPrefix + b.Key, OverviewFacets.Values))];
    }
}
