using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>A claim that a token must hold.</summary>
/// <param name="Path">The claim: a plain value, or a list of them.</param>
/// <param name="Accepted">The values of which it must hold one, compared exactly; <c>true</c> and numbers as JSON writes them.</param>
public sealed record RequiredClaim(ClaimPath Path, ImmutableArray<string> Accepted);
