using System.Collections.Immutable;

namespace AiPlatform.Storage.Policy;

/// <summary>The keys of each object in a policy file: what the parser accepts, and what the published schema must list.</summary>
internal static class PolicyShape
{
    public const int FormatVersion = 1;

    public static ImmutableArray<string> Root { get; } = ["version", "tiers", "attributes", "groups", "claims"];

    public static ImmutableArray<string> Tier { get; } = ["requestsPerMinute", "requestsPerDay", "models", "highestAccessLevel"];

    public static ImmutableArray<string> RequiredOfNewTier { get; } = ["requestsPerMinute", "requestsPerDay", "highestAccessLevel"];

    public static ImmutableArray<string> Group { get; } =
        ["displayName", "tier", "dataAccessLevel", "administratorLevel", "permissions", "dataFilters", "providers", "routingStrategy", "residency"];

    public static ImmutableArray<string> Permission { get; } = ["resource", "actions", "conditions"];

    public static ImmutableArray<string> DataFilter { get; } = ["field", "operator", "values", "resource"];

    public static ImmutableArray<string> Provider { get; } = ["provider", "models", "priority"];

    public static ImmutableArray<string> Claims { get; } = ["subject", "required", "groups", "attributes"];

    public static ImmutableArray<string> RequiredClaim { get; } = ["claim", "values"];

    public static ImmutableArray<string> GroupClaim { get; } = ["claim", "prefix", "values"];

    public static ImmutableArray<string> Operators { get; } = ["equals", "in", "not_in", "lte", "gte"];

    public static ImmutableArray<string> Levels { get; } = ["public", "internal", "confidential"];

    public static ImmutableArray<string> Strategies { get; } = ["balanced", "cost", "latency", "compliance"];
}
