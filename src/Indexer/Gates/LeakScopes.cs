using System.Collections.Immutable;
using System.Globalization;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Gates;

/// <summary>
/// Callers to try a generation with: one for every group of the real policy, and made-up ones whose groups, levels, regions and data filters are values that the
/// catalog holds. They exist only here, are never a system scope, and nothing is answered to anybody by them.
/// </summary>
internal static class LeakScopes
{
    private const int MaxRealGroups = 64;
    private const string MadeUp = "gate-probe";

    public static IReadOnlyList<AccessScope> Make(Random random, IReadOnlyList<Product> sample, AccessPolicy? real, int count)
    {
        var scopes = new List<AccessScope>();
        var regions = Distinct(sample.SelectMany(p => p.RestrictedRegions.Concat(p.Regions))).Append(null).ToArray();
        if (real is not null)
        {
            var issuer = new AccessScope.Issuer(() => real, SilentAudit.Instance);
            scopes.AddRange(real.Groups.Keys.Take(MaxRealGroups).Select(g => issuer.Issue(Caller(g, Pick(random, regions)))));
        }

        for (var i = 0; i < count; i++)
        {
            var policy = Policy(random, sample);
            scopes.Add(new AccessScope.Issuer(() => policy, SilentAudit.Instance).Issue(Caller(policy.Groups.Keys.First(), Pick(random, regions))));
        }

        return scopes;
    }

    /// <summary>One group of a name that products allow, at a random level, with up to two filters on values that products have.</summary>
    private static AccessPolicy Policy(Random random, IReadOnlyList<Product> sample)
    {
        var groups = Distinct(sample.SelectMany(p => p.AllowedGroups)).Where(g => g != GroupPolicy.Everyone).Append(MadeUp).ToArray();
        var group = new GroupPolicy
        {
            Id = Pick(random, groups)!,
            Tier = TierPolicy.Enterprise.Name,
            DataAccessLevel = (DataAccessLevel)random.Next((int)DataAccessLevel.Confidential + 1),
            Permissions = [new Permission("products", ["read"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty)],
            DataFilters = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Filter(random, sample)).OfType<DataFilter>()],
        };
        return AccessPolicy.Empty with
        {
            Version = "gate",
            Groups = ImmutableSortedDictionary.Create<string, GroupPolicy>(StringComparer.Ordinal).Add(group.Id, group),
        };
    }

    private static DataFilter? Filter(Random random, IReadOnlyList<Product> sample)
    {
        if (sample.Count == 0)
        {
            return null;
        }

        var product = sample[random.Next(sample.Count)];
        return random.Next(4) switch
        {
            0 when product.Brand.Length > 0 => new DataFilter(ProductFields.Brand, FilterOperator.In, [product.Brand]),
            1 when product.Brand.Length > 0 => new DataFilter(ProductFields.Brand, FilterOperator.NotIn, [product.Brand]),
            2 when product.Price is { } price => new DataFilter(ProductFields.Price, random.Next(2) == 0 ? FilterOperator.Lte : FilterOperator.Gte, [price.ToString(CultureInfo.InvariantCulture)]),
            3 when product.CategoryPath.Length > 0 => new DataFilter(ProductFields.Category, FilterOperator.In, [product.CategoryPath[0]]),
            _ => null,
        };
    }

    private static CallerFacts Caller(string group, string? region) => new(
        MadeUp,
        [group],
        region is null ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add(CallerFacts.RegionAttribute, region),
        DateTimeOffset.MaxValue);

    private static IEnumerable<string> Distinct(IEnumerable<string> values) => values.Select(Keyword.Normalize).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];

    /// <summary>Nobody acts by these scopes, so there is nothing to write down.</summary>
    private sealed class SilentAudit : IAccessAudit
    {
        public static SilentAudit Instance { get; } = new();

        public void SystemScopeIssued(string subject, string reason) => throw new InvalidOperationException("A probe is no system work.");

        public void ActedAsGroup(string subject, string group) => throw new InvalidOperationException("A probe acts as nobody.");

        public void Denied(string subject, string resource, string action)
        {
        }
    }
}
