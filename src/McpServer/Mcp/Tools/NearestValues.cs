using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// Visible values that an unknown one may have been meant to be. Where the index finds none by itself, categories are compared level by level,
/// the last one first, and other values word by word and without their spaces. A handful of look-ups, for unknown values only.
/// </summary>
internal sealed class NearestValues(ICatalogIndex index)
{
    private const int MostNearest = 3;

    /// <summary>Words of a value that are looked up.</summary>
    private const int MostWords = 6;

    private const int LookedUp = CatalogLimits.FacetValues;

    /// <summary>At most three, best first; none when nothing is near.</summary>
    /// <param name="scope">The caller's scope.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="field">Canonical field name; null for the names of specifications.</param>
    /// <param name="value">The value as written.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<IReadOnlyList<string>> FindAsync(AccessScope scope, string catalog, string? field, string value, CancellationToken cancellationToken)
    {
        var query = new FacetValueQuery { Catalog = catalog, Field = field, Text = value, Size = MostNearest };
        var found = await index.FindFacetValuesAsync(scope, query, cancellationToken);
        if (found.Count > 0)
        {
            return [.. found.Select(f => f.Value)];
        }

        var written = new WrittenValue(value);
        var candidates = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in written.Words.Take(MostWords).Append(written.Beginning).Append(""))
        {
            foreach (var match in await index.FindFacetValuesAsync(scope, query with { Text = text, Size = LookedUp }, cancellationToken))
            {
                candidates[match.Value] = match.Count;
            }
        }

        return
        [
            .. candidates.Select(c => (Value: c.Key, Count: c.Value, Distance: field == ProductFields.Category ? written.DistanceToCategory(c.Key) : written.DistanceTo(c.Key)))
                .Where(c => c.Distance is not null)
                .OrderBy(c => c.Distance).ThenByDescending(c => c.Count).ThenBy(c => c.Value, StringComparer.Ordinal)
                .Take(MostNearest)
                .Select(c => c.Value),
        ];
    }
}
