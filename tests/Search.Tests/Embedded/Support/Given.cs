using System.Collections.Immutable;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>Scopes and products in few words.</summary>
internal static class Given
{
    public const string Catalog = "main";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static AccessScope System { get; } = new AccessScope.Issuer(() => AccessPolicy.Empty, new SilentAudit()).IssueSystem("test", "builds the index under test");

    /// <summary>A caller of one group that sees public and internal products, without filters unless given.</summary>
    public static AccessScope Member(string group = "members", params DataFilter[] filters) => Scope(Policy(Group(group, filters)), Caller([group]));

    public static GroupPolicy Group(string id, params DataFilter[] filters) => new()
    {
        Id = id,
        Tier = "enterprise",
        DataAccessLevel = DataAccessLevel.Internal,
        Permissions = [new Permission("products", ["read"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty)],
        DataFilters = [.. filters],
    };

    public static AccessPolicy Policy(params GroupPolicy[] groups) => AccessPolicy.Empty with
    {
        Version = "v1",
        Groups = groups.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal),
    };

    public static CallerFacts Caller(string[] groups, params (string Name, string Value)[] attributes) => new(
        "somebody", [.. groups], attributes.ToImmutableSortedDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal), DateTimeOffset.MaxValue);

    public static AccessScope Scope(AccessPolicy policy, CallerFacts facts) => new AccessScope.Issuer(() => policy, new SilentAudit()).Issue(facts);

    public static Product Product(string id, string name = "thing") => new()
    {
        Id = id,
        Name = name,
        AccessLevel = DataAccessLevel.Public,
        AllowedGroups = ["everyone"],
    };

    public static Product Hidden(string id, string name = "thing") => Product(id, name) with { AccessLevel = DataAccessLevel.Confidential };

    public static IndexedProduct Indexed(Product product, ReadOnlyMemory<float> vector = default) =>
        new(product, new ContentHash((ulong)product.Id.Length, (ulong)product.Name.Length), default, vector);

    /// <summary>Everything an answer says, as text: two answers are the same when these are.</summary>
    public static string Json<T>(T answer) => JsonSerializer.Serialize(answer);
}
