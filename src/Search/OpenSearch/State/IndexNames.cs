using System.Globalization;

namespace AiPlatform.Search.OpenSearch.State;

/// <summary>
/// How indexes and aliases are called. A point separates catalog from number, which no catalog's name has, so names of two catalogs never meet:
/// <c>aip-shoes</c> is the alias of the live generation, <c>aip-shoes.00000007.12</c> generation 7 made by run 12, <c>aip-shoes.run12</c> the alias through
/// which only run 12 writes, <c>aip--meta</c> the state of all catalogs, <c>aip--changes</c> the changes that wait for a build.
/// </summary>
/// <param name="prefix"><see cref="OpenSearchOptions.IndexPrefix"/>.</param>
internal sealed class IndexNames(string prefix)
{
    /// <summary>The index of the state.</summary>
    public string Meta { get; } = $"{prefix}--meta";

    /// <summary>The index of the changes that wait.</summary>
    public string Changes { get; } = $"{prefix}--changes";

    /// <summary>The alias of a catalog's live generation.</summary>
    public string Alias(string catalog) => $"{prefix}-{catalog}";

    /// <summary>A generation's index.</summary>
    public string Index(string catalog, long generation, long run) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{catalog}.{generation:D8}.{run}");

    /// <summary>The alias that a run writes through.</summary>
    public string RunAlias(string catalog, long run) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{catalog}.run{run}");

    /// <summary>Matches the aliases of every run of a catalog.</summary>
    public string AnyRunAlias(string catalog) => $"{prefix}-{catalog}.run*";

    /// <summary>Matches every index of a catalog.</summary>
    public string AnyIndex(string catalog) => $"{prefix}-{catalog}.*";

    /// <summary>The generation an index was made as; 0 when the name is none of a generation.</summary>
    public static long GenerationOf(string index)
    {
        var parts = index.Split('.');
        return parts.Length == 3 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
