using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>A claim whose values give groups.</summary>
/// <param name="Path">The claim: a text, or a list of texts.</param>
/// <param name="Prefix">What a value must begin with to count; it is cut off before the look-up. Empty: every value counts as it is.</param>
/// <param name="Values">Value to the ids of the groups it gives, compared exactly. A value that is not listed gives nothing.</param>
public sealed record GroupClaim(ClaimPath Path, string Prefix, ImmutableSortedDictionary<string, ImmutableArray<string>> Values);
