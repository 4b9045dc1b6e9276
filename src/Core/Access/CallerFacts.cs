using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>What authentication established about a caller. The input of a scope, never the scope itself.</summary>
/// <param name="Subject">Stable id of the caller: a key's id, or issuer and subject of a token.</param>
/// <param name="Groups">Group ids the caller belongs to. Ids the policy does not know give nothing.</param>
/// <param name="Attributes">Attributes such as <c>region</c>, for <c>current-user-…</c> references.</param>
/// <param name="ExpiresAt">When these facts stop being true; <see cref="DateTimeOffset.MaxValue"/> for no limit.</param>
public sealed record CallerFacts(
    string Subject,
    ImmutableArray<string> Groups,
    ImmutableSortedDictionary<string, string> Attributes,
    DateTimeOffset ExpiresAt)
{
    /// <summary>The attribute that product region restrictions are checked against.</summary>
    public const string RegionAttribute = "region";

    /// <summary>The most that the caller may do, such as the scopes of its token; null for no bound but its groups.</summary>
    public PermissionCeiling? Ceiling { get; init; }
}
