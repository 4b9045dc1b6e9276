using System.Collections.Immutable;
using System.Globalization;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Core.Access;

public sealed partial class AccessScope
{
    /// <summary>Turns a policy and a caller's groups into a scope: union over groups, intersection inside a group, fail closed.</summary>
    private static class ScopeCompiler
    {
        // No thousands separators: "1,5" must not become 15.
        private const NumberStyles BoundStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

        public static AccessScope Compile(AccessPolicy policy, CallerFacts facts, ImmutableArray<string> groupIds)
        {
            var groups = groupIds.Select(id => Bound(policy.Groups[id], facts.Ceiling)).ToImmutableArray();
            var tiers = groups.Select(g => TierOf(policy, g)).ToArray();
            var tier = tiers.OrderByDescending(t => t.RequestsPerMinute).ThenByDescending(t => t.RequestsPerDay).ThenBy(t => t.Name, StringComparer.Ordinal).FirstOrDefault() ?? TierPolicy.Free;
            var branches = groups.Select((g, i) => Branch(g, tiers[i], facts)).OfType<FilterBranch>().ToImmutableArray();
            return new AccessScope(
                facts,
                groupIds,
                tier,
                groups.Select((g, i) => LevelOf(g, tiers[i])).DefaultIfEmpty(DataAccessLevel.Public).Max(),
                groups.Select(g => g.AdministratorLevel).DefaultIfEmpty(0).Max(),
                ProductFilter.Create(branches, Attribute(facts, CallerFacts.RegionAttribute)),
                [.. groups.SelectMany(g => g.Permissions)],
                [.. groups.SelectMany(g => g.Providers).OrderBy(p => p.Priority).ThenBy(p => p.Provider, StringComparer.Ordinal)],
                Strategy(groups),
                Residencies(groups),
                policy.Version);
        }

        /// <summary>Whether administrators stay administrators below a ceiling: only when it reaches their own right, to ask about the access of others.</summary>
        public static bool KeepsAdministrators(PermissionCeiling? ceiling) => ceiling is null || ceiling.Covers(Right.ExplainAccess.Resource, Right.ExplainAccess.Action);

        /// <summary>The group as far as the ceiling reaches. Everything below is compiled from it, so nothing can forget the ceiling.</summary>
        private static GroupPolicy Bound(GroupPolicy group, PermissionCeiling? ceiling) => ceiling is null
            ? group
            : group with { Permissions = ceiling.Bound(group.Permissions), AdministratorLevel = KeepsAdministrators(ceiling) ? group.AdministratorLevel : 0 };

        private static TierPolicy TierOf(AccessPolicy policy, GroupPolicy group) =>
            policy.Tiers.TryGetValue(group.Tier, out var tier) ? tier : TierPolicy.Free;

        private static DataAccessLevel LevelOf(GroupPolicy group, TierPolicy tier) =>
            group.DataAccessLevel < tier.HighestAccessLevel ? group.DataAccessLevel : tier.HighestAccessLevel;

        /// <summary>Null when the group may not read products at all.</summary>
        private static FilterBranch? Branch(GroupPolicy group, TierPolicy tier, CallerFacts facts)
        {
            var reads = group.Permissions.Where(p => p.Covers(Right.ReadProducts) && p.Conditions.Keys.All(k => k == Right.ReadProducts.Condition)).ToArray();
            if (reads.Length == 0)
            {
                return null;
            }

            ImmutableArray<string> catalogs = reads.Any(p => p.Conditions.IsEmpty)
                ? []
                : [.. reads.SelectMany(p => p.Conditions[Right.ReadProducts.Condition!]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            var level = LevelOf(group, tier);
            if (catalogs.IsEmpty && reads.All(p => !p.Conditions.IsEmpty))
            {
                return new FilterBranch(group.Id, level, [], [], Never: true, "the catalog condition lists nothing");
            }

            var predicates = ImmutableArray.CreateBuilder<FieldPredicate>();
            foreach (var filter in group.DataFilters.Where(f => Keyword.Normalize(f.Resource) == DataFilter.Products))
            {
                if (Resolve(filter, facts, out var reason) is not { } predicate)
                {
                    return new FilterBranch(group.Id, level, [], catalogs, Never: true, reason);
                }

                predicates.Add(predicate);
            }

            return new FilterBranch(group.Id, level, predicates.ToImmutable(), catalogs);
        }

        /// <summary>Null, with the reason, when the filter cannot match anything.</summary>
        private static FieldPredicate? Resolve(DataFilter filter, CallerFacts facts, out string? reason)
        {
            reason = null;
            var field = ProductFields.Canonical(filter.Field);
            var values = new List<string>();
            foreach (var value in filter.Values)
            {
                // Normalised before it is looked at: a reference taken for a literal would let not_in pass everything.
                var literal = Keyword.Normalize(value);
                if (!literal.StartsWith(DataFilter.DynamicPrefix, StringComparison.Ordinal))
                {
                    values.Add(ProductFields.NormalizeValue(field, value));
                }
                else if (Attribute(facts, literal[DataFilter.DynamicPrefix.Length..]) is { } resolved)
                {
                    values.Add(ProductFields.NormalizeValue(field, resolved));
                }
                else
                {
                    reason = $"{filter.Field}: the attribute {value} is not known of this caller";
                    return null;
                }
            }

            if (values.Count == 0 || values.Any(v => v.Length == 0))
            {
                reason = $"{filter.Field}: the list of values is empty";
                return null;
            }

            switch (filter.Operator)
            {
                case FilterOperator.Equals when values.Count == 1:
                case FilterOperator.In:
                case FilterOperator.NotIn:
                    return new FieldPredicate(field, filter.Operator, [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], null);
                case FilterOperator.Lte or FilterOperator.Gte when values.Count == 1
                    && decimal.TryParse(values[0], BoundStyle, CultureInfo.InvariantCulture, out var bound):
                    return new FieldPredicate(field, filter.Operator, [], bound);
                default:
                    reason = $"{filter.Field}: the operator is unknown or its values do not fit it";
                    return null;
            }
        }

        /// <summary>The caller's normalised attribute; null when it is absent or says nothing.</summary>
        private static string? Attribute(CallerFacts facts, string name) =>
            facts.Attributes.TryGetValue(name, out var raw) && Keyword.Normalize(raw) is { Length: > 0 } value ? value : null;

        private static RoutingStrategy Strategy(ImmutableArray<GroupPolicy> groups) =>
            groups.Any(g => g.RoutingStrategy == RoutingStrategy.Compliance)
                ? RoutingStrategy.Compliance
                : groups.Select(g => g.RoutingStrategy).FirstOrDefault();

        private static ImmutableArray<string> Residencies(ImmutableArray<GroupPolicy> groups)
        {
            var set = groups.Where(g => !g.Residency.IsEmpty).Select(g => g.Residency).ToArray();
            if (set.Length == 0)
            {
                return [];
            }

            var common = set.Skip(1).Aggregate(set[0].AsEnumerable(), (all, next) => all.Intersect(next, StringComparer.Ordinal));
            ImmutableArray<string> regions = [.. common.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            return regions.IsEmpty ? [""] : regions;
        }
    }
}
