using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

public sealed partial class AccessScope
{
    /// <summary>
    /// The only maker of scopes. Held by the composition root and handed to authentication; nothing else constructs one
    /// (an architecture test asserts it). Thread-safe; reads the current policy at every call.
    /// </summary>
    /// <param name="policy">Answers the policy in force.</param>
    /// <param name="audit">Where system scopes and acting as another group are written down.</param>
    public sealed class Issuer(Func<AccessPolicy> policy, IAccessAudit audit)
    {
        /// <summary>The largest number of groups one caller is read with; the rest of a longer list refuses the whole caller.</summary>
        public const int MaxGroupsPerCaller = 64;

        /// <summary>Compiles what the caller may do.</summary>
        /// <param name="facts">What authentication established.</param>
        /// <param name="groupOverride">Groups to narrow to (the group-context header); null for all of the caller's. A group that is not the caller's gives nothing, unless the caller is an administrator: then it acts as that group, audited.</param>
        /// <exception cref="AccessRefusedException">The override names only groups the caller has no right to, or the caller has too many groups.</exception>
        public AccessScope Issue(CallerFacts facts, IReadOnlyCollection<string>? groupOverride = null) => Issue(facts, groupOverride, isRenewal: false);

        /// <summary>Compiles anew what a caller may do that goes on with what it began, after facts or policy have changed. As <see cref="Issue(CallerFacts, IReadOnlyCollection{string}?)"/>, but nobody acts by it: acting as another group was audited when it began.</summary>
        /// <param name="facts">What authentication established.</param>
        /// <param name="groupOverride">The groups it narrowed itself to; null for all of its own.</param>
        /// <exception cref="AccessRefusedException">The override names a group that the caller has no right to any more, or the caller has too many groups.</exception>
        public AccessScope Renew(CallerFacts facts, IReadOnlyCollection<string>? groupOverride) => Issue(facts, groupOverride, isRenewal: true);

        /// <summary>A scope without limits, for work of the platform itself. Audited.</summary>
        /// <param name="subject">The component, such as <c>indexer</c>.</param>
        /// <param name="reason">Why it needs to see everything, in words; not empty.</param>
        public AccessScope IssueSystem(string subject, string reason)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(subject);
            ArgumentException.ThrowIfNullOrWhiteSpace(reason);
            audit.SystemScopeIssued(subject, reason);
            var facts = new CallerFacts("system:" + subject, [], ImmutableSortedDictionary<string, string>.Empty, DateTimeOffset.MaxValue);
            return new AccessScope(
                facts, [], TierPolicy.Enterprise, DataAccessLevel.Confidential, int.MaxValue, ProductFilter.Everything,
                [new Permission("*", ["*"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty)], [], RoutingStrategy.Balanced, [], policy().Version);
        }

        private AccessScope Issue(CallerFacts facts, IReadOnlyCollection<string>? groupOverride, bool isRenewal)
        {
            ArgumentNullException.ThrowIfNull(facts);
            var current = policy();
            var own = Known(current, facts.Groups);
            if (groupOverride is null)
            {
                return ScopeCompiler.Compile(current, facts, own);
            }

            var wanted = Known(current, groupOverride);
            var foreign = wanted.Except(own, StringComparer.Ordinal).ToArray();
            var administrator = ScopeCompiler.KeepsAdministrators(facts.Ceiling) && own.Any(id => current.Groups[id].AdministratorLevel > 0);
            if (wanted.IsEmpty || wanted.Length != groupOverride.Distinct(StringComparer.OrdinalIgnoreCase).Count() || (foreign.Length > 0 && !administrator))
            {
                // One answer for unknown and foreign groups: a refusal must not tell which groups exist.
                audit.Denied(facts.Subject, "groups", "override");
                throw new AccessRefusedException("group_override_refused", "The group context may only name groups you belong to.");
            }

            foreach (var group in isRenewal ? [] : foreign)
            {
                audit.ActedAsGroup(facts.Subject, group);
            }

            return ScopeCompiler.Compile(current, facts, wanted);
        }

        private static ImmutableArray<string> Known(AccessPolicy policy, IReadOnlyCollection<string> groups)
        {
            if (groups.Count > MaxGroupsPerCaller)
            {
                throw new AccessRefusedException("too_many_groups", $"A caller is read with at most {MaxGroupsPerCaller} groups.");
            }

            return [.. groups.Select(g => g.ToLowerInvariant()).Where(g => g != GroupPolicy.Everyone && policy.Groups.ContainsKey(g)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
    }
}
