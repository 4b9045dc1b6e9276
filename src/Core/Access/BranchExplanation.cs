using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>What one group said about a product.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Admits">Whether the product is seen through the group.</param>
/// <param name="Rules">Each rule with its outcome, in the order checked: closed branch, access level, allowed groups, data filters.</param>
public sealed record BranchExplanation(string GroupId, bool Admits, ImmutableArray<RuleExplanation> Rules);
