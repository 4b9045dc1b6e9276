using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>What a service tier allows. Tiers bound groups: a group never gets more than its tier.</summary>
/// <param name="Name">Lower-case name, unique in the policy: <c>free</c>, <c>basic</c>, <c>premium</c>, <c>enterprise</c>.</param>
/// <param name="RequestsPerMinute">Requests a key may make in any minute; at least 1.</param>
/// <param name="RequestsPerDay">Requests a key may make in any UTC day; at least 1.</param>
/// <param name="AllowedModels">Model names, or <c>*</c> for all. Empty: none.</param>
/// <param name="HighestAccessLevel">The highest level any group of this tier may see.</param>
public sealed record TierPolicy(
    string Name,
    int RequestsPerMinute,
    int RequestsPerDay,
    ImmutableArray<string> AllowedModels,
    DataAccessLevel HighestAccessLevel)
{
    /// <summary>10 requests a minute, 1,000 a day, public data.</summary>
    public static TierPolicy Free { get; } = new("free", 10, 1_000, [], DataAccessLevel.Public);

    /// <summary>60 requests a minute, 10,000 a day, public data.</summary>
    public static TierPolicy Basic { get; } = new("basic", 60, 10_000, [], DataAccessLevel.Public);

    /// <summary>300 requests a minute, 100,000 a day, up to internal data.</summary>
    public static TierPolicy Premium { get; } = new("premium", 300, 100_000, ["*"], DataAccessLevel.Internal);

    /// <summary>10,000 requests a minute, 1,000,000 a day, up to confidential data.</summary>
    public static TierPolicy Enterprise { get; } = new("enterprise", 10_000, 1_000_000, ["*"], DataAccessLevel.Confidential);

    /// <summary>The four tiers a policy has unless it declares its own.</summary>
    public static ImmutableArray<TierPolicy> Defaults { get; } = [Free, Basic, Premium, Enterprise];
}
