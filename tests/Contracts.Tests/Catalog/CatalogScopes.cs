using System.Collections.Immutable;
using AiPlatform.Contracts.Tests.Keys;
using AiPlatform.Core.Access;

namespace AiPlatform.Contracts.Tests.Catalog;

/// <summary>The callers of the suite.</summary>
internal static class CatalogScopes
{
    private static readonly AccessPolicy Policy = AccessPolicy.Empty with
    {
        Groups = new[]
        {
            Group("shoppers", DataAccessLevel.Public),
            Group("staff", DataAccessLevel.Internal),
            Group("acme", DataAccessLevel.Internal) with { DataFilters = [new DataFilter("brand", FilterOperator.In, ["acme"]), new DataFilter("price", FilterOperator.Lte, ["9"])] },
            Group("nothing", DataAccessLevel.Internal) with { DataFilters = [new DataFilter("brand", FilterOperator.In, ["no such brand"])] },
            Group("elsewhere", DataAccessLevel.Internal) with { Permissions = [Read(("catalog", "another"))] },
            Group("writers", DataAccessLevel.Internal) with { Permissions = [new Permission("keys", ["*"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty)] },
        }.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal),
    };

    private static readonly AccessScope.Issuer Issuer = new(() => Policy, new RecordedAudit());

    public static AccessScope System { get; } = Issuer.IssueSystem("test", "contract suite");

    /// <summary>Callers who see something, each another part.</summary>
    public static ImmutableArray<AccessScope> Seeing { get; } = [Of("shoppers", "eu"), Of("shoppers", "us"), Of("staff", "eu"), Of("staff"), Of("acme", "eu"), System];

    /// <summary>Callers to whom the catalog does not exist.</summary>
    public static ImmutableArray<AccessScope> Blind { get; } = [Of("nothing", "eu"), Of("elsewhere", "eu"), Of("writers", "eu"), Of("unheard-of", "eu"), Of("staff", "eu", expired: true)];

    public static AccessScope Staff { get; } = Of("staff", "eu");

    public static AccessScope Shopper { get; } = Of("shoppers", "eu");

    /// <summary>Another caller with exactly the rights of <see cref="Staff"/>.</summary>
    public static AccessScope Colleague { get; } = Of("staff", "eu", subject: "colleague");

    private static AccessScope Of(string group, string? region = null, bool expired = false, string subject = "caller") => Issuer.Issue(new CallerFacts(
        subject,
        [group],
        region is null ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add("region", region),
        expired ? new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero) : DateTimeOffset.MaxValue));

    private static Permission Read(params (string Name, string Value)[] conditions) =>
        new("products", ["read"], conditions.ToImmutableSortedDictionary(c => c.Name, c => ImmutableArray.Create(c.Value), StringComparer.Ordinal));

    private static GroupPolicy Group(string id, DataAccessLevel level) => new() { Id = id, Tier = "enterprise", DataAccessLevel = level, Permissions = [Read()] };
}
