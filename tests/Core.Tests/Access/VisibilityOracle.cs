using System.Globalization;
using System.Text.RegularExpressions;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Core.Tests.Access;

/// <summary>
/// Who sees what, written a second time and as plainly as the design says it, sharing no code with the product: no compiled filter, no
/// normalisation of its, no field table. Slow on purpose.
/// </summary>
internal static partial class VisibilityOracle
{
    public static bool Sees(AccessPolicy policy, CallerFacts caller, string catalog, Product product, DateTimeOffset now)
    {
        if (now >= caller.ExpiresAt)
        {
            return false;
        }

        if (product.RestrictedRegions.Length > 0)
        {
            if (!caller.Attributes.TryGetValue("region", out var region) || Same(region, "") || product.RestrictedRegions.Any(r => Same(r, region)))
            {
                return false;
            }
        }

        return caller.Groups.Any(g => policy.Groups.Values.Any(p => Same(p.Id, g) && SeesThrough(policy, p, caller, catalog, product)));
    }

    private static bool SeesThrough(AccessPolicy policy, GroupPolicy group, CallerFacts caller, string catalog, Product product)
    {
        var mayRead = group.Permissions.Any(p =>
            (p.Resource == "*" || p.Resource == "products")
            && (p.Actions.Contains("*") || p.Actions.Contains("read"))
            && p.Conditions.All(c => c.Key == "catalog" && c.Value.Contains(catalog)));
        if (!mayRead)
        {
            return false;
        }

        var tierLevel = policy.Tiers.TryGetValue(group.Tier, out var tier) ? (int)tier.HighestAccessLevel : 0;
        if ((int)product.AccessLevel > (int)group.DataAccessLevel || (int)product.AccessLevel > tierLevel || (int)product.AccessLevel < 0)
        {
            return false;
        }

        if (!product.AllowedGroups.Any(a => Same(a, "everyone") || Same(a, group.Id)))
        {
            return false;
        }

        foreach (var filter in group.DataFilters)
        {
            if (Same(filter.Resource, "products") && !Holds(filter, caller, product))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Holds(DataFilter filter, CallerFacts caller, Product product)
    {
        var wanted = new List<string>();
        foreach (var value in filter.Values)
        {
            if (!Plain(value).StartsWith("current-user-", StringComparison.Ordinal))
            {
                wanted.Add(value);
            }
            else if (caller.Attributes.TryGetValue(Plain(value)["current-user-".Length..], out var attribute) && !Same(attribute, ""))
            {
                wanted.Add(attribute);
            }
            else
            {
                return false;
            }
        }

        var has = FieldOf(product, filter.Field).Where(v => !Same(v, "")).ToList();
        if (wanted.Count == 0 || wanted.Any(w => Same(w, "")) || has.Count == 0)
        {
            return false;
        }

        return filter.Operator switch
        {
            FilterOperator.Equals => wanted.Count == 1 && has.Any(h => Same(h, wanted[0])),
            FilterOperator.In => has.Any(h => wanted.Any(w => Same(h, w))),
            FilterOperator.NotIn => !has.Any(h => wanted.Any(w => Same(h, w))),
            FilterOperator.Lte => wanted.Count == 1 && Bound(wanted[0]) is { } most && has.All(h => Number(h) is { } n && n <= most),
            FilterOperator.Gte => wanted.Count == 1 && Bound(wanted[0]) is { } least && has.All(h => Number(h) is { } n && n >= least),
            _ => false,
        };
    }

    private static IEnumerable<string> FieldOf(Product product, string field) => Plain(field) switch
    {
        "id" => [product.Id],
        "brand" => [product.Brand],
        "class" => [product.Class],
        "currency" => [product.Currency],
        "region" or "regions" => product.Regions,
        "rating" or "averagerating" => product.Rating is null ? [] : [product.Rating.Value.ToString(CultureInfo.InvariantCulture)],
        "accesslevel" or "access_level" => [product.AccessLevel.ToString()],
        "restrictedregions" => product.RestrictedRegions,
        "price" => product.Price is null ? [] : [product.Price.Value.ToString(CultureInfo.InvariantCulture)],
        "category" or "categorypath" => Enumerable.Range(1, product.CategoryPath.Length).Select(n => string.Join(" / ", product.CategoryPath.Take(n))),
        "availability" when product.Availability == Availability.InStock => ["in_stock"],
        "availability" when product.Availability == Availability.OutOfStock => ["out_of_stock"],
        "availability" => [],
        "memory" or "spec.memory" or "specifications.memory" => product.Specifications.Where(s => Same(s.Key, "memory")).SelectMany(s => s.Value),
        "colour" or "spec.colour" => product.Specifications.Where(s => Same(s.Key, "colour")).SelectMany(s => s.Value),
        _ => [],
    };

    private static decimal? Bound(string text) =>
        PlainNumber().IsMatch(text.Trim()) ? decimal.Parse(text.Trim(), CultureInfo.InvariantCulture) : null;

    private static decimal? Number(string text) =>
        NumberWithUnit().Match(text.Trim()) is { Success: true } match ? decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    private static bool Same(string a, string b) => Plain(a) == Plain(b);

    /// <summary>Written apart from the product's own folding: full-width forms are the only compatibility forms these tests use.</summary>
    private static string Plain(string text) =>
        string.Concat(text.Select(c => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c)).Trim().ToLowerInvariant();

    [GeneratedRegex("^[+-]?[0-9]+([.][0-9]+)?$")]
    private static partial Regex PlainNumber();

    [GeneratedRegex("^([+-]?[0-9]+(?:[.][0-9]+)?)\\s*[a-zA-Z\"%]{0,12}$")]
    private static partial Regex NumberWithUnit();
}
