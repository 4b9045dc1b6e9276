using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools.Explaining;

/// <summary>What would have to change for a group to see a product.</summary>
internal static class AccessChanges
{
    /// <summary>One change for each rule that refuses; all of them are needed. None when the group admits the product.</summary>
    /// <param name="filter">The filter of the scope in the catalog.</param>
    /// <param name="group">The group.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="product">The product.</param>
    public static IEnumerable<string> Of(ProductFilter filter, string group, string catalog, Product product)
    {
        var branch = filter.Branches.FirstOrDefault(b => b.GroupId == group);
        if (branch is null)
        {
            yield return $"Give the group {group} the permission products: read for the catalog {catalog}.";
            yield break;
        }

        if (branch.Never)
        {
            yield return $"Open the group {group}: {branch.NeverReason}.";
        }

        if (!ProductFilter.LevelAllows(branch, product))
        {
            yield return $"Raise the data access level of the group {group}, and of its tier, to {Name(product.AccessLevel)}; or lower the product's accessLevel to {Name(branch.Level)}.";
        }

        if (!ProductFilter.AllowsGroup(product, group))
        {
            yield return $"Add {group} or {GroupPolicy.Everyone} to the product's allowedGroups.";
        }

        foreach (var predicate in branch.Predicates.Where(p => !p.Matches(product)))
        {
            var has = string.Join(", ", ProductFields.Values(product, predicate.Field));
            yield return $"Change the group's data filter on {predicate.Field}, or the product's {predicate.Field}, which is {(has.Length == 0 ? "not stated" : has)}.";
        }
    }

    /// <summary>What would have to change for the region rule to hold; null when it does.</summary>
    public static string? OfRegion(ProductFilter filter, Product product) =>
        filter.SeesEverything || filter.RegionAllows(product) ? null
        : filter.Region is { } region ? $"Take {region} out of the product's restrictedRegions, or call from another region."
        : "Give the caller a region: a product with restricted regions is shown to nobody whose region is unknown.";

    private static string Name(DataAccessLevel level) => level.ToString().ToLowerInvariant();
}
