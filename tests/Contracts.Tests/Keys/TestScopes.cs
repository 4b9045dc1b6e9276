using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Contracts.Tests.Keys;

/// <summary>Scopes of the callers the suites need, from a policy of its own.</summary>
internal sealed class TestScopes
{
    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> Unconditional = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    private readonly AccessScope.Issuer _issuer;

    public TestScopes()
    {
        var policy = AccessPolicy.Empty with
        {
            Groups = new[]
            {
                Group("admins", 1, "keys", "*"),
                Group("readers-of-keys", 1, "keys", "read"),
                Group("admins-without-keys", 1, "products", "read"),
                Group("members", 0, "keys", "*"),
            }.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal),
        };
        _issuer = new AccessScope.Issuer(() => policy, new RecordedAudit());
    }

    public AccessScope System => _issuer.IssueSystem("test", "contract suite");

    public AccessScope Administrator => Of("admins");

    public AccessScope Of(string group, DateTimeOffset? expires = null) => _issuer.Issue(new CallerFacts(
        "caller-in-" + group, [group], ImmutableSortedDictionary<string, string>.Empty, expires ?? DateTimeOffset.MaxValue));

    private static GroupPolicy Group(string id, int administratorLevel, string resource, string action) => new()
    {
        Id = id,
        Tier = "enterprise",
        AdministratorLevel = administratorLevel,
        Permissions = [new Permission(resource, [action], Unconditional)],
    };
}
