using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.Querying;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Products like a visible one: nearest vectors, or shared words where there are no vectors; the same class and category count for it. The rules of the embedded engine.</summary>
internal static class SimilarSearch
{
    private const float SameClass = .08f;
    private const float SameParent = .04f;
    private const int Pool = 3;
    private const int WordsOfText = 24;

    public static async ValueTask<ProductPage> RunAsync(CatalogAsk ask, RankingOptions ranking, SimilarQuery query, CancellationToken cancellationToken)
    {
        var source = await SourceAsync(ask.View, query.Id, cancellationToken).ConfigureAwait(false)
            ?? throw new CatalogRequestException(CatalogErrors.NotFound, "id", "There is no product of this id. Take ids from search results.");
        var size = (query.Size * Pool) + 1;
        var near = source.Vector.Length > 0
            ? await ByVectorAsync(ask, source, query, size, cancellationToken).ConfigureAwait(false)
            : await ByWordsAsync(ask, source, query, Math.Max(ranking.Window, size), cancellationToken).ConfigureAwait(false);
        var best = near
            .Where(n => n.Id != query.Id)
            .OrderByDescending(n => n.Score)
            .ThenBy(n => n.Id, Utf8Order.Instance)
            .Take(query.Size)
            .ToList();
        var products = await PageProducts.ReadAsync(ask.View, [.. best.Select(b => b.Id)], cancellationToken).ConfigureAwait(false);
        return new ProductPage
        {
            Hits = [.. best.Where(b => products.ContainsKey(b.Id)).Select(b => new ProductHit(b.Id, b.Score, products[b.Id], []))],
            Generation = ask.Index.Generation,
        };
    }

    /// <summary>The product to compare with; null when it is missing or out of sight.</summary>
    private static async ValueTask<Source?> SourceAsync(ScopedIndex view, string id, CancellationToken cancellationToken)
    {
        var searches = view.Searches();
        searches.Add(json =>
        {
            json.WriteNumber("size", 1);
            json.WritePropertyName("query");
            json.StartBool();
            json.WriteStartArray("filter");
            view.WriteFilter(json);
            json.Term(new FieldTerm(IndexFields.Id, id));
            json.WriteEndArray();
            json.EndBool();
            json.WriteBoolean("_source", false);
            json.WriteString("stored_fields", IndexFields.Product);
            json.WriteStartArray("docvalue_fields");
            json.WriteStringValue(ProductFields.Class);
            json.WriteStringValue(IndexFields.Parent);
            json.WriteStringValue(IndexFields.Codes);
            json.WriteEndArray();
        });
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        return SearchHits.All(answer[0]).Select(hit => new Source(
            SearchHits.Product(hit),
            view.Index.Dimensions == 0 ? [] : VectorCodes.Read(SearchHits.Bytes(hit, IndexFields.Codes), view.Index.Dimensions),
            SearchHits.Field(hit, ProductFields.Class),
            SearchHits.Field(hit, IndexFields.Parent))).FirstOrDefault();
    }

    private static async ValueTask<List<Near>> ByVectorAsync(CatalogAsk ask, Source source, SimilarQuery query, int size, CancellationToken cancellationToken)
    {
        var searches = ask.View.Searches();
        searches.Add(json => VectorLeg.Write(json, new MatchQuery(ask.View, query.Filters, null), source.Vector, size));
        using var answer = await searches.SendAsync(ask.View.Connection, cancellationToken).ConfigureAwait(false);
        return [.. SearchHits.All(answer[0]).Select(hit => new Near(SearchHits.Field(hit, IndexFields.Id)!, CandidateList.Cosine(SearchHits.Score(hit)) + Affinity(source, hit)))];
    }

    private static async ValueTask<List<Near>> ByWordsAsync(CatalogAsk ask, Source source, SimilarQuery query, int size, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', $"{source.Product.Name} {source.Product.Class}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(WordsOfText));
        var plan = await WordPlanner.PlanAsync(ask.View, QueryParser.Parse(text.Replace('"', ' '), ask.Index.Analyzer), cancellationToken).ConfigureAwait(false);
        var match = new MatchQuery(ask.View, query.Filters, plan);
        var searches = ask.View.Searches();
        searches.Add(json =>
        {
            json.WriteNumber("size", size);
            json.WriteBoolean("track_total_hits", false);
            json.WritePropertyName("query");
            match.Write(json, scored: true);
            json.WriteStartArray("sort");
            SearchJson.WriteOrder(json, "_score", "desc");
            SearchJson.WriteOrder(json, IndexFields.Id, "asc");
            json.WriteEndArray();
            SearchJson.WriteFields(json, ProductFields.Class, IndexFields.Parent);
        });
        using var answer = await searches.SendAsync(ask.View.Connection, cancellationToken).ConfigureAwait(false);
        var hits = SearchHits.All(answer[0]).Select(hit => (Hit: hit, Score: SearchHits.Score(hit))).ToList();
        var best = hits.Count == 0 || hits[0].Score == 0 ? 1 : hits[0].Score;
        return [.. hits.Select(h => new Near(SearchHits.Id(h.Hit), (h.Score / best) + Affinity(source, h.Hit)))];
    }

    private static float Affinity(Source source, JsonElement hit) =>
        (source.Class is not null && source.Class == SearchHits.Field(hit, ProductFields.Class) ? SameClass : 0)
        + (source.Parent is not null && source.Parent == SearchHits.Field(hit, IndexFields.Parent) ? SameParent : 0);

    private sealed record Source(Product Product, float[] Vector, string? Class, string? Parent);

    private readonly record struct Near(string Id, float Score);
}
