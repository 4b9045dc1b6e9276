using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Core.Tests.Access;

/// <summary>Policies, callers and products in few words.</summary>
internal static class Given
{
    public const string Catalog = "main";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Later = Now.AddHours(1);

    public static Permission Read(params (string Name, string[] Accepted)[] conditions) => new(
        "products", ["read"], conditions.ToImmutableSortedDictionary(c => c.Name, c => c.Accepted.ToImmutableArray(), StringComparer.Ordinal));

    public static readonly Permission Explain = new("access", ["explain"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty);

    public static GroupPolicy Group(string id, params DataFilter[] filters) => new()
    {
        Id = id,
        Tier = "enterprise",
        DataAccessLevel = DataAccessLevel.Confidential,
        Permissions = [Read()],
        DataFilters = [.. filters],
    };

    public static DataFilter Filter(string field, FilterOperator op, params string[] values) => new(field, op, [.. values]);

    public static AccessPolicy Policy(params GroupPolicy[] groups) => AccessPolicy.Empty with
    {
        Version = "v1",
        Groups = groups.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal),
    };

    public static CallerFacts Caller(string[] groups, params (string Name, string Value)[] attributes) => new(
        "somebody", [.. groups], attributes.ToImmutableSortedDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal), Later);

    public static AccessScope Scope(AccessPolicy policy, CallerFacts facts, IReadOnlyCollection<string>? groupOverride = null, IAccessAudit? audit = null) =>
        new AccessScope.Issuer(() => policy, audit ?? new RecordedAudit()).Issue(facts, groupOverride);

    public static AccessScope ScopeOf(GroupPolicy group, params (string Name, string Value)[] attributes) =>
        Scope(Policy(group), Caller([group.Id], attributes));

    public static Product Product(string id = "p") => new()
    {
        Id = id,
        Name = id,
        AccessLevel = DataAccessLevel.Public,
        AllowedGroups = ["everyone"],
    };

    public static bool Sees(this AccessScope scope, Product product, string catalog = Catalog) => scope.ProductsIn(catalog, Now).IsVisible(product);
}
