using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>What one group lets its members see: the product's level, its list of groups and every predicate must agree.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Level">The highest level seen through this group: the lower of the group's and its tier's.</param>
/// <param name="Predicates">Predicates, ANDed.</param>
/// <param name="Catalogs">Catalogs the group may read; empty for all.</param>
/// <param name="Never">Set where the group can match nothing at all (an unresolved attribute, an unknown operator, an empty list), with <paramref name="NeverReason"/>.</param>
/// <param name="NeverReason">Why the branch is closed, for the explanation.</param>
public sealed record FilterBranch(
    string GroupId,
    DataAccessLevel Level,
    ImmutableArray<FieldPredicate> Predicates,
    ImmutableArray<string> Catalogs,
    bool Never = false,
    string? NeverReason = null);
