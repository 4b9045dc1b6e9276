using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>Where a claim is in a token.</summary>
/// <param name="Names">The name of the claim, and then of each object inside it. Names are taken whole: a dot in one separates nothing.</param>
public sealed record ClaimPath(ImmutableArray<string> Names);
