using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Relevance;

/// <summary>Asks every query and keeps the ids in rank order, paging as far as the depth asks.</summary>
internal static class RunCollector
{
    public static async Task<Dictionary<string, IReadOnlyList<string>>> CollectAsync(
        ICatalogIndex index, AccessScope scope, string catalog, IReadOnlyList<(string Id, string Text)> queries, SearchMode mode, int depth, CancellationToken cancellationToken)
    {
        var run = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (id, text) in queries)
        {
            var ids = new List<string>(depth);
            string? cursor = null;
            do
            {
                var page = await index.SearchAsync(scope, new ProductQuery
                {
                    Catalog = catalog,
                    Text = text,
                    Mode = mode,
                    PageSize = Math.Min(depth - ids.Count, CatalogLimits.PageSize),
                    Cursor = cursor,
                    IncludeProducts = false,
                    IncludeTotal = false,
                }, cancellationToken).ConfigureAwait(false);
                ids.AddRange(page.Hits.Select(h => h.Id));
                cursor = page.NextCursor;
            }
            while (cursor is not null && ids.Count < depth);
            run[id] = ids;
        }

        return run;
    }

    public static void Write(string path, IReadOnlyList<(string Id, string Text)> queries, Dictionary<string, IReadOnlyList<string>> run)
    {
        using var writer = new StreamWriter(path);
        foreach (var (query, _) in queries)
        {
            foreach (var product in run[query])
            {
                writer.Write(query);
                writer.Write('\t');
                writer.Write(product);
                writer.Write('\n');
            }
        }
    }
}
