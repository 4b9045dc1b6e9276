using System.Collections.Immutable;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Core.Access;

/// <summary>
/// The compiled rule of which products a scope sees. <see cref="IsVisible"/> is the oracle; engines execute the same rule as a bitmap
/// or a bool query and must agree with it. Visible = not restricted in the caller's region, and there is a branch (group) that sees it.
/// </summary>
public sealed class ProductFilter
{
    private ProductFilter(bool everything, ImmutableArray<FilterBranch> branches, string? region)
    {
        SeesEverything = everything;
        Branches = branches;
        Region = region;
    }

    /// <summary>Sees nothing: the filter of an expired scope.</summary>
    public static ProductFilter Nothing { get; } = new(false, [], null);

    /// <summary>Sees every product; only a system scope holds it.</summary>
    internal static ProductFilter Everything { get; } = new(true, [], null);

    /// <summary>True for system work: no rule applies.</summary>
    public bool SeesEverything { get; }

    /// <summary>One branch a group; a product is seen when any branch sees it. Sorted by group id.</summary>
    public ImmutableArray<FilterBranch> Branches { get; }

    /// <summary>The caller's normalised region; null when unknown, and then products with any restricted region are refused.</summary>
    public string? Region { get; }

    internal static ProductFilter Create(ImmutableArray<FilterBranch> branches, string? region) => new(false, branches, region);

    /// <summary>The filter with only the branches that may read the catalog.</summary>
    public ProductFilter ForCatalog(string catalog)
    {
        if (SeesEverything || Branches.All(b => b.Catalogs.IsEmpty))
        {
            return this;
        }

        var branches = Branches.RemoveAll(b => !b.Catalogs.IsEmpty && !b.Catalogs.Contains(catalog, StringComparer.Ordinal));
        return new ProductFilter(false, branches, Region);
    }

    /// <summary>The oracle: whether the product is visible. Allocation-free for products without specifications named by a filter.</summary>
    public bool IsVisible(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        if (SeesEverything)
        {
            return true;
        }

        // Loops, because gates ask this of every product for many callers.
        var allowed = false;
        for (var i = 0; i < Branches.Length && !allowed; i++)
        {
            allowed = Admits(Branches[i], product);
        }

        return allowed && RegionAllows(product);
    }

    /// <summary>Whether the product's restricted regions spare the caller's.</summary>
    public bool RegionAllows(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return product.RestrictedRegions.IsEmpty
            || (Region is not null && !product.RestrictedRegions.Any(r => string.Equals(Keyword.Normalize(r), Region, StringComparison.Ordinal)));
    }

    /// <summary>Whether one branch sees the product; the region rule is not part of it.</summary>
    public static bool Admits(FilterBranch branch, Product product)
    {
        ArgumentNullException.ThrowIfNull(branch);
        ArgumentNullException.ThrowIfNull(product);
        var admits = !branch.Never && LevelAllows(branch, product) && AllowsGroup(product, branch.GroupId);
        for (var i = 0; i < branch.Predicates.Length && admits; i++)
        {
            admits = branch.Predicates[i].Matches(product);
        }

        return admits;
    }

    /// <summary>Whether the branch reaches the product's level; a value outside the three levels is reached by nobody.</summary>
    public static bool LevelAllows(FilterBranch branch, Product product)
    {
        ArgumentNullException.ThrowIfNull(branch);
        ArgumentNullException.ThrowIfNull(product);
        return product.AccessLevel is >= DataAccessLevel.Public and <= DataAccessLevel.Confidential && product.AccessLevel <= branch.Level;
    }

    /// <summary>Whether the product's list of groups names the group or everyone. An empty list names nobody.</summary>
    public static bool AllowsGroup(Product product, string groupId)
    {
        ArgumentNullException.ThrowIfNull(product);
        var id = Keyword.Normalize(groupId);
        foreach (var allowed in product.AllowedGroups)
        {
            var name = Keyword.Normalize(allowed);
            if (name == GroupPolicy.Everyone || name == id)
            {
                return true;
            }
        }

        return false;
    }
}
