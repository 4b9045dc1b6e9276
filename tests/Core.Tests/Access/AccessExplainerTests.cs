using AiPlatform.Core.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Access;

public sealed class AccessExplainerTests
{
    private static readonly AccessScope Administrator = Given.Scope(Given.Policy(Given.Group("root") with { AdministratorLevel = 1, Permissions = [Given.Explain] }), Given.Caller(["root"]));
    private static readonly AccessPolicy Policy = Given.Policy(
        Given.Group("a", Given.Filter("brand", FilterOperator.NotIn, "Acme")) with { DataAccessLevel = DataAccessLevel.Internal },
        Given.Group("b", Given.Filter("region", FilterOperator.Equals, "current-user-region")),
        Given.Group("c") with { Permissions = [] });

    [Fact]
    public void Explain_NamesTheRuleOfEachGroup()
    {
        var scope = Given.Scope(Policy, Given.Caller(["a", "b", "c"]));
        var product = Given.Product() with { Brand = "Acme", AccessLevel = DataAccessLevel.Confidential, RestrictedRegions = ["US"] };

        var explanation = AccessExplainer.Explain(Administrator, scope, Given.Catalog, product, Given.Now);

        Assert.False(explanation.Visible);
        Assert.Equal("restricted in US; the caller's region is unknown: refused", explanation.RegionRule);
        Assert.Equal(["a", "b", "c"], explanation.Branches.Select(b => b.GroupId));
        Assert.Contains(new RuleExplanation("accessLevel confidential <= internal", false), explanation.Branches[0].Rules);
        Assert.Contains(new RuleExplanation("brand not_in [acme]", false), explanation.Branches[0].Rules);
        Assert.Equal("the group is closed: region: the attribute current-user-region is not known of this caller", explanation.Branches[1].Rules[0].Rule);
        Assert.Equal(new RuleExplanation("c may read products of the catalog main", false), Assert.Single(explanation.Branches[2].Rules));
    }

    [Fact]
    public void Explain_ExpiredScope_SaysSo()
    {
        var scope = Given.Scope(Policy, Given.Caller(["a"]) with { ExpiresAt = Given.Now });

        var explanation = AccessExplainer.Explain(Administrator, scope, Given.Catalog, Given.Product(), Given.Now);

        Assert.False(explanation.Visible);
        Assert.Contains("expired", explanation.RegionRule, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_SystemScope_SaysThatNoRuleApplies()
    {
        var scope = new AccessScope.Issuer(() => Policy, new RecordedAudit()).IssueSystem("x", "y");

        var explanation = AccessExplainer.Explain(Administrator, scope, Given.Catalog, Given.Product() with { RestrictedRegions = ["EU"] }, Given.Now);

        Assert.True(explanation.Visible);
        Assert.Contains("no rule applies", explanation.RegionRule, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_ForAnybodyElse_IsRefused()
    {
        var member = Given.Scope(Policy, Given.Caller(["a"]));
        var expired = Given.Scope(Given.Policy(Given.Group("root") with { AdministratorLevel = 1 }), Given.Caller(["root"]) with { ExpiresAt = Given.Now });
        var acting = Given.Scope(Given.Policy(Given.Group("root") with { AdministratorLevel = 1 }, Given.Group("a")), Given.Caller(["root"]), ["a"]);

        foreach (var asking in new[] { member, expired, acting })
        {
            var refused = Assert.Throws<AccessRefusedException>(() => AccessExplainer.Explain(asking, member, Given.Catalog, Given.Product(), Given.Now));
            Assert.Equal("administrator_required", refused.Code);
        }
    }

    [Fact]
    public void Explain_ByAnAdministratorWithoutThePermission_IsRefused()
    {
        var asking = Given.Scope(Given.Policy(Given.Group("root") with { AdministratorLevel = 2 }), Given.Caller(["root"]));

        var refused = Assert.Throws<AccessRefusedException>(() => AccessExplainer.Explain(asking, asking, Given.Catalog, Given.Product(), Given.Now));

        Assert.Equal("permission_required", refused.Code);
    }

    [Fact]
    public void Explain_ByAnAdministratorWithEveryPermission_Answers()
    {
        var all = Given.Explain with { Resource = "*", Actions = ["*"] };
        var asking = Given.Scope(Given.Policy(Given.Group("root") with { AdministratorLevel = 1, Permissions = [all] }), Given.Caller(["root"]));
        var system = new AccessScope.Issuer(() => Policy, new RecordedAudit()).IssueSystem("x", "y");

        Assert.True(AccessExplainer.Explain(asking, asking, Given.Catalog, Given.Product(), Given.Now).Visible);
        Assert.True(AccessExplainer.Explain(system, asking, Given.Catalog, Given.Product(), Given.Now).Visible);
    }
}
