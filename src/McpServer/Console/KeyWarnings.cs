using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Console;

/// <summary>Says what a new key will not see for want of an attribute: access fails closed, so nothing else would tell.</summary>
internal static class KeyWarnings
{
    public static IEnumerable<string> Of(AccessPolicy policy, IEnumerable<string> groups, IEnumerable<string> given)
    {
        var attributes = given.ToHashSet(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            foreach (var missing in Needed(policy.Groups[group]).Where(a => !attributes.Contains(a)))
            {
                yield return $"this key sees nothing through {group} until it has the attribute {missing}; make it with --attribute {missing}=VALUE.";
            }
        }

        if (policy.Attributes.Contains(CallerFacts.RegionAttribute) && !attributes.Contains(CallerFacts.RegionAttribute))
        {
            yield return $"without the attribute {CallerFacts.RegionAttribute} this key sees no product that is restricted in any region.";
        }
    }

    private static IEnumerable<string> Needed(GroupPolicy group) => group.DataFilters
        .Where(f => Keyword.Normalize(f.Resource) == DataFilter.Products)
        .SelectMany(f => f.Values)
        .Select(Keyword.Normalize)
        .Where(v => v.StartsWith(DataFilter.DynamicPrefix, StringComparison.Ordinal))
        .Select(v => v[DataFilter.DynamicPrefix.Length..])
        .Distinct(StringComparer.Ordinal);
}
