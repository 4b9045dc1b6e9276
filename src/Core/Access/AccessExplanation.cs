using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>Why a scope sees a product or not. For administrators: it tells that a product exists.</summary>
/// <param name="Visible">The outcome, equal to <see cref="ProductFilter.IsVisible"/>.</param>
/// <param name="RegionRule">What the region rule said; that the facts have expired, or that no rule applies, where that decides.</param>
/// <param name="Branches">What each group said, sorted by group id; empty where the facts have expired or no rule applies.</param>
public sealed record AccessExplanation(bool Visible, string RegionRule, ImmutableArray<BranchExplanation> Branches);
