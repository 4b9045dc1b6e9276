using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>How the tokens of one issuer become callers. A token of an issuer without a mapping belongs to no group and sees nothing.</summary>
public sealed record ClaimMapping
{
    /// <summary>The claim that names the subject. Default: <c>sub</c>.</summary>
    public ClaimPath Subject { get; init; } = new(["sub"]);

    /// <summary>Claims a token must hold, each with the values that are accepted; a token without them is refused.</summary>
    public ImmutableArray<RequiredClaim> Required { get; init; } = [];

    /// <summary>Where groups come from; the union of all of them.</summary>
    public ImmutableArray<GroupClaim> Groups { get; init; } = [];

    /// <summary>Attribute name to the claim it is taken from. A claim that is missing or no plain value leaves the attribute unknown.</summary>
    public ImmutableSortedDictionary<string, ClaimPath> Attributes { get; init; } = ImmutableSortedDictionary.Create<string, ClaimPath>(StringComparer.Ordinal);
}
