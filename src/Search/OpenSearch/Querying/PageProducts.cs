using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Products by id, through the scope's filter like everything else.</summary>
internal static class PageProducts
{
    /// <summary>Those of the ids that are visible.</summary>
    public static async ValueTask<Dictionary<string, Product>> ReadAsync(ScopedIndex view, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var products = new Dictionary<string, Product>(StringComparer.Ordinal);
        if (ids.Count == 0)
        {
            return products;
        }

        var searches = view.Searches();
        searches.Add(json =>
        {
            json.WriteNumber("size", ids.Count);
            json.WriteBoolean("track_total_hits", false);
            json.WritePropertyName("query");
            json.StartBool();
            json.WriteStartArray("filter");
            view.WriteFilter(json);
            json.Terms(IndexFields.Id, ids);
            json.WriteEndArray();
            json.EndBool();
            SearchJson.WriteProducts(json);
        });
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        foreach (var hit in SearchHits.All(answer[0]))
        {
            var product = SearchHits.Product(hit);
            products[product.Id] = product;
        }

        return products;
    }
}
