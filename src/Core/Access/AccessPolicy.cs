using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>An immutable, validated policy: tiers, groups and the attributes a caller may carry. Replaced whole, never edited.</summary>
/// <param name="Version">Hash of the policy's content, hexadecimal. Part of every scope's fingerprint.</param>
/// <param name="Tiers">Tiers by name.</param>
/// <param name="Groups">Groups by id.</param>
/// <param name="Attributes">Names of the attributes that keys may carry, such as <c>region</c>.</param>
public sealed record AccessPolicy(
    string Version,
    ImmutableSortedDictionary<string, TierPolicy> Tiers,
    ImmutableSortedDictionary<string, GroupPolicy> Groups,
    ImmutableArray<string> Attributes)
{
    /// <summary>How tokens become callers, by issuer. Default: of none.</summary>
    public ImmutableSortedDictionary<string, ClaimMapping> Claims { get; init; } = ImmutableSortedDictionary.Create<string, ClaimMapping>(StringComparer.Ordinal);

    /// <summary>A policy without groups: nobody sees anything.</summary>
    public static AccessPolicy Empty { get; } = new(
        "empty",
        TierPolicy.Defaults.ToImmutableSortedDictionary(t => t.Name, t => t, StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, GroupPolicy>(StringComparer.Ordinal),
        ["region"]);
}
