using System.Collections.Immutable;
using AiPlatform.Core.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Access;

public sealed class IssuerTests
{
    private static readonly AccessPolicy Policy = Given.Policy(Given.Group("a"), Given.Group("b"), Given.Group("root") with { AdministratorLevel = 1 });
    private readonly RecordedAudit _audit = new();

    [Fact]
    public void Override_OfOwnGroups_Narrows()
    {
        Assert.Equal<string>(["b"], Given.Scope(Policy, Given.Caller(["a", "b"]), ["B"], _audit).Groups);
        Assert.Empty(_audit.Entries);
    }

    [Theory]
    [InlineData("b")]
    [InlineData("root")]
    [InlineData("unknown")]
    [InlineData("everyone")]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a,unknown")]
    public void Override_OfForeignOrUnknownGroups_IsRefusedAlike(string groups)
    {
        var refused = Assert.Throws<AccessRefusedException>(() => Given.Scope(Policy, Given.Caller(["a"]), groups.Split(','), _audit));

        Assert.Equal("group_override_refused", refused.Code);
        Assert.Equal("The group context may only name groups you belong to.", refused.Message);
        Assert.Equal(["somebody denied groups:override"], _audit.Entries);
    }

    [Fact]
    public void Override_Empty_IsRefused() =>
        Assert.Throws<AccessRefusedException>(() => Given.Scope(Policy, Given.Caller(["a"]), [], _audit));

    [Fact]
    public void Override_ByAnAdministrator_ActsAsTheGroupAndIsAudited()
    {
        var scope = Given.Scope(Policy, Given.Caller(["root"]), ["a"], _audit);

        Assert.Equal<string>(["a"], scope.Groups);
        Assert.False(scope.IsAdministrator);
        Assert.Equal(["somebody acted as a"], _audit.Entries);
    }

    [Fact]
    public void Override_ByAnAdministratorToItsOwnGroup_IsNoActing()
    {
        Given.Scope(Policy, Given.Caller(["root", "a"]), ["a"], _audit);

        Assert.Empty(_audit.Entries);
    }

    [Fact]
    public void Override_ByAnAdministratorToAnUnknownGroup_IsRefused() =>
        Assert.Throws<AccessRefusedException>(() => Given.Scope(Policy, Given.Caller(["root"]), ["unknown"], _audit));

    [Fact]
    public void Override_WhenTheAuditFails_GivesNoScope() =>
        Assert.Throws<AccessRefusedException>(() => Given.Scope(Policy, Given.Caller(["root"]), ["a"], new FullAudit()));

    [Fact]
    public void Issue_MoreThanTheAllowedGroups_IsRefused()
    {
        string[] many = [.. Enumerable.Range(0, AccessScope.Issuer.MaxGroupsPerCaller + 1).Select(i => $"g{i}")];

        Assert.Equal("too_many_groups", Assert.Throws<AccessRefusedException>(() => Given.Scope(Policy, Given.Caller(many))).Code);
        Assert.Equal("too_many_groups", Assert.Throws<AccessRefusedException>(() => Given.Scope(Policy, Given.Caller(["a"]), many)).Code);
    }

    [Fact]
    public void IssueSystem_SeesEverythingAndIsAudited()
    {
        var scope = new AccessScope.Issuer(() => Policy, _audit).IssueSystem("indexer", "nightly run");

        Assert.True(scope.Sees(Given.Product() with { AccessLevel = DataAccessLevel.Confidential, AllowedGroups = [], RestrictedRegions = ["EU"] }));
        Assert.True(scope.Allows("anything", "at-all", DateTimeOffset.MaxValue));
        Assert.Equal(["system indexer: nightly run"], _audit.Entries);
    }

    [Theory]
    [InlineData("", "reason")]
    [InlineData("indexer", " ")]
    public void IssueSystem_WithoutSubjectOrReason_Throws(string subject, string reason)
    {
        Assert.Throws<ArgumentException>(() => new AccessScope.Issuer(() => Policy, _audit).IssueSystem(subject, reason));
        Assert.Empty(_audit.Entries);
    }

    [Fact]
    public void Issue_ReadsThePolicyOfTheMoment()
    {
        var current = Policy;
        var issuer = new AccessScope.Issuer(() => current, _audit);
        var before = issuer.Issue(Given.Caller(["a"]));
        current = Policy with { Version = "v2", Groups = ImmutableSortedDictionary<string, GroupPolicy>.Empty };

        Assert.True(before.Sees(Given.Product()));
        Assert.False(issuer.Issue(Given.Caller(["a"])).Sees(Given.Product()));
    }

    private sealed class FullAudit : IAccessAudit
    {
        public void SystemScopeIssued(string subject, string reason) => throw new AccessRefusedException("audit_unavailable", "full");

        public void ActedAsGroup(string subject, string group) => throw new AccessRefusedException("audit_unavailable", "full");

        public void Denied(string subject, string resource, string action)
        {
        }
    }
}
