using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>The policy of the tests: the demo's groups, one without rights, one bound to a catalog, and tiers wide enough for a test run.</summary>
internal sealed class FixedPolicy : IAccessPolicySource
{
    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> Always =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    private static readonly Permission ReadProducts = new("products", ["read"], Always);

    public AccessPolicy Current { get; set; } = Create();

    public static AccessPolicy Create(string version = "test-1")
    {
        TierPolicy Wide(TierPolicy tier) => tier with { RequestsPerMinute = 1_000_000, RequestsPerDay = 100_000_000 };
        GroupPolicy[] groups =
        [
            new() { Id = "eu-retail", Tier = "basic", Permissions = [ReadProducts], DataFilters = [new DataFilter("region", FilterOperator.Equals, ["current-user-region"])] },
            new() { Id = "us-wholesale", Tier = "premium", DataAccessLevel = DataAccessLevel.Internal, Permissions = [ReadProducts], DataFilters = [new DataFilter("region", FilterOperator.In, ["US"])] },
            new() { Id = "partners", Tier = "premium", DataAccessLevel = DataAccessLevel.Internal, Permissions = [ReadProducts], DataFilters = [new DataFilter("category", FilterOperator.In, ["Electronics"])] },
            new() { Id = "administrators", Tier = "enterprise", DataAccessLevel = DataAccessLevel.Confidential, AdministratorLevel = 2, Permissions = [new Permission("*", ["*"], Always)] },
            new() { Id = "no-products", Tier = "basic", Permissions = [new Permission("models", ["read"], Always)] },
            new() { Id = "other-catalog", Tier = "basic", Permissions = [new Permission("products", ["read"], Always.Add("catalog", ["second"]))] },
            new() { Id = "slow", Tier = "free", Permissions = [ReadProducts] },
        ];
        TierPolicy[] tiers = [TierPolicy.Free, Wide(TierPolicy.Basic), Wide(TierPolicy.Premium), Wide(TierPolicy.Enterprise)];
        return new AccessPolicy(
            version,
            tiers.ToImmutableSortedDictionary(t => t.Name, t => t, StringComparer.Ordinal),
            groups.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal),
            ["region"]);
    }
}
