using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>Why a scope sees a product or not. For administrators: it tells that a product exists.</summary>
/// <param name="Visible">The outcome, equal to <see cref="ProductFilter.IsVisible"/>.</param>
/// <param name="RegionRule">What the region rule said.</param>
/// <param name="Branches">What each group said.</param>
public sealed record AccessExplanation(bool Visible, string RegionRule, ImmutableArray<BranchExplanation> Branches);
