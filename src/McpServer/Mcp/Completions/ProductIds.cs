using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Completions;

/// <summary>Ids of products for what a person types: the ids that begin so, then the products that the typed words, the last of them completed, find.</summary>
internal sealed class ProductIds(ICatalogIndex index)
{
    /// <summary>Completions of the last word that are searched for.</summary>
    private const int MaxQueries = 3;

    public async ValueTask<IEnumerable<string>> FindAsync(AccessScope scope, string catalog, string typed, int size, CancellationToken cancellationToken)
    {
        typed = typed.Trim();
        if (typed.Length == 0)
        {
            return await SearchAsync(scope, catalog, "", size, cancellationToken);
        }

        var beginning = new FacetValueQuery { Catalog = catalog, Field = ProductFields.Id, Text = typed, Size = size };
        var found = (await index.FindFacetValuesAsync(scope, beginning, cancellationToken)).Select(v => v.Value).ToList();
        if (found.Count >= size)
        {
            return found;
        }

        var suggestions = await index.SuggestAsync(scope, new SuggestQuery { Catalog = catalog, Prefix = typed, Size = MaxQueries }, cancellationToken);
        foreach (var query in suggestions.Select(s => s.Text))
        {
            found.AddRange(await SearchAsync(scope, catalog, query, size, cancellationToken));
        }

        return found.Distinct(StringComparer.Ordinal).Take(size);
    }

    private async ValueTask<IEnumerable<string>> SearchAsync(AccessScope scope, string catalog, string text, int size, CancellationToken cancellationToken)
    {
        var query = new ProductQuery { Catalog = catalog, Text = text, Mode = SearchMode.Lexical, PageSize = size, IncludeTotal = false, IncludeProducts = false };
        return (await index.SearchAsync(scope, query, cancellationToken)).Hits.Select(h => h.Id);
    }
}
