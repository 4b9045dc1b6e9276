using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Router.Tests.Support;

/// <summary>Callers with rights as a test wants them.</summary>
internal static class Callers
{
    /// <summary>One of a premium group that may use the models of providers, in the order given.</summary>
    public static AccessScope Of(params string[] providers) => Of(RoutingStrategy.Balanced, [], providers);

    public static AccessScope Of(RoutingStrategy strategy, ImmutableArray<string> residency, params string[] providers)
    {
        var group = new GroupPolicy
        {
            Id = "team",
            Tier = "premium",
            RoutingStrategy = strategy,
            Residency = residency,
            Providers = [.. providers.Select((p, i) => new ProviderAccess(p, ["*"], i + 1))],
        };
        var policy = AccessPolicy.Empty with { Groups = ImmutableSortedDictionary<string, GroupPolicy>.Empty.Add("team", group) };
        var facts = new CallerFacts("subject", ["team"], ImmutableSortedDictionary<string, string>.Empty, DateTimeOffset.MaxValue);
        return new AccessScope.Issuer(() => policy, new Silent()).Issue(facts);
    }

    private sealed class Silent : IAccessAudit
    {
        public void SystemScopeIssued(string subject, string reason)
        {
        }

        public void ActedAsGroup(string subject, string group)
        {
        }

        public void Denied(string subject, string resource, string action)
        {
        }
    }
}
