using AiPlatform.Core.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Access;

public sealed class FingerprintTests
{
    private static readonly GroupPolicy Group = Given.Group("a", Given.Filter("brand", FilterOperator.In, "x", "y"));

    [Fact]
    public void Fingerprint_OfEqualRights_IsEqual()
    {
        var policy = Given.Policy(Group, Given.Group("b"));
        var one = Given.Scope(policy, Given.Caller(["a", "b"], ("region", "EU")));
        var two = Given.Scope(policy, Given.Caller(["B", "a", "a", "unknown"], ("region", " eu ")) with { Subject = "another", ExpiresAt = Given.Later.AddDays(1) });

        Assert.Equal(one.Fingerprint, two.Fingerprint);
        Assert.Matches("^[0-9a-f]{64}$", one.Fingerprint);
    }

    public static TheoryData<string> Changes => [.. Scopes().Keys.Where(k => k.Length > 0)];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Fingerprint_OfAnyChange_Differs(string change)
    {
        var scopes = Scopes();

        Assert.NotEqual(scopes[""].Fingerprint, scopes[change].Fingerprint);
    }

    [Fact]
    public void Fingerprint_OfAllChanges_AreAllDifferent()
    {
        var scopes = Scopes();

        Assert.Equal(scopes.Count, scopes.Values.Select(s => s.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Fingerprint_OfListsThatReadAlikeWhenJoined_Differs()
    {
        // One version on purpose: the canonical form itself must tell them apart.
        Assert.NotEqual(With(Given.Filter("brand", FilterOperator.In, "x,y")), With(Given.Filter("brand", FilterOperator.In, "x", "y")));
        Assert.NotEqual(With(Given.Filter("brand", FilterOperator.In, "1:x")), With(Given.Filter("brand", FilterOperator.In, "x")));
        Assert.NotEqual(
            With(Given.Filter("brand", FilterOperator.In, "x"), Given.Filter("class", FilterOperator.In, "y")),
            With(Given.Filter("brand", FilterOperator.In, "x"), Given.Filter("class", FilterOperator.In, "x")));
        Assert.NotEqual(May(["a,b"]), May(["a", "b"]));
        Assert.NotEqual(Uses(new ProviderAccess("p", ["a,b"], 1)), Uses(new ProviderAccess("p", ["a", "b"], 1)));
        Assert.NotEqual(Uses(new ProviderAccess("p|1", ["a"], 1)), Uses(new ProviderAccess("p", ["1|a"], 1)));
        Assert.NotEqual(Given.ScopeOf(Group, ("region", "\0unknown")).Fingerprint, Given.ScopeOf(Group).Fingerprint);
    }

    private static string With(params DataFilter[] filters) => Given.ScopeOf(Given.Group("a", filters)).Fingerprint;

    private static string May(string[] actions) => Given.ScopeOf(Group with { Permissions = [Given.Read(), new Permission("r", [.. actions], Given.Read().Conditions)] }).Fingerprint;

    private static string Uses(ProviderAccess provider) => Given.ScopeOf(Group with { Providers = [provider] }).Fingerprint;

    private static Dictionary<string, AccessScope> Scopes()
    {
        var policy = Given.Policy(Group, Given.Group("b"));
        var caller = Given.Caller(["a"], ("region", "EU"));
        AccessScope Changed(Func<GroupPolicy, GroupPolicy> change) => Given.Scope(Given.Policy(change(Group)), caller);
        return new Dictionary<string, AccessScope>(StringComparer.Ordinal)
        {
            [""] = Given.Scope(policy, caller),
            ["policy version"] = Given.Scope(policy with { Version = "v2" }, caller),
            ["group"] = Given.Scope(policy, caller with { Groups = ["b"] }),
            ["more groups"] = Given.Scope(policy, caller with { Groups = ["a", "b"] }),
            ["region"] = Given.Scope(policy, Given.Caller(["a"], ("region", "US"))),
            ["no region"] = Given.Scope(policy, Given.Caller(["a"])),
            ["tier"] = Changed(g => g with { Tier = "premium", DataAccessLevel = DataAccessLevel.Confidential }),
            ["tier's limits"] = Given.Scope(policy with { Tiers = policy.Tiers.SetItem("enterprise", TierPolicy.Enterprise with { RequestsPerMinute = 7 }) }, caller),
            ["tier's models"] = Given.Scope(policy with { Tiers = policy.Tiers.SetItem("enterprise", TierPolicy.Enterprise with { AllowedModels = ["m"] }) }, caller),
            ["level"] = Changed(g => g with { DataAccessLevel = DataAccessLevel.Internal }),
            ["administrator level"] = Changed(g => g with { AdministratorLevel = 1 }),
            ["filter value"] = Changed(g => g with { DataFilters = [Given.Filter("brand", FilterOperator.In, "x", "z")] }),
            ["filter values fewer"] = Changed(g => g with { DataFilters = [Given.Filter("brand", FilterOperator.In, "x")] }),
            ["filter field"] = Changed(g => g with { DataFilters = [Given.Filter("class", FilterOperator.In, "x", "y")] }),
            ["filter operator"] = Changed(g => g with { DataFilters = [Given.Filter("brand", FilterOperator.NotIn, "x", "y")] }),
            ["filter bound"] = Changed(g => g with { DataFilters = [Given.Filter("price", FilterOperator.Lte, "5")] }),
            ["another filter bound"] = Changed(g => g with { DataFilters = [Given.Filter("price", FilterOperator.Lte, "6")] }),
            ["filter none"] = Changed(g => g with { DataFilters = [] }),
            ["filter closed"] = Changed(g => g with { DataFilters = [Given.Filter("brand", FilterOperator.In)] }),
            ["catalog"] = Changed(g => g with { Permissions = [Given.Read(("catalog", ["main"]))] }),
            ["permission"] = Changed(g => g with { Permissions = [Given.Read(), new Permission("models", ["read"], Given.Read().Conditions)] }),
            ["provider"] = Changed(g => g with { Providers = [new ProviderAccess("p", ["*"], 1)] }),
            ["provider priority"] = Changed(g => g with { Providers = [new ProviderAccess("p", ["*"], 2)] }),
            ["routing"] = Changed(g => g with { RoutingStrategy = RoutingStrategy.Cost }),
            ["residency"] = Changed(g => g with { Residency = ["eu"] }),
            ["system"] = new AccessScope.Issuer(() => policy, new RecordedAudit()).IssueSystem("x", "y"),
        };
    }
}
