using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Router.Routing;
using AiPlatform.Router.Warmth;
using Xunit;

namespace AiPlatform.Router.Tests.Routing;

public sealed class RoutingEligibilityTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoutingTarget Haiku = new("anthropic", "claude-haiku", ["eu-west-1"]);

    [Fact]
    public void Target_OfAnAllowedModel_IsNotRefused() =>
        Assert.Null(RoutingEligibility.Refusal(Scope(Group("a", "premium", models: ["claude-haiku"])), Haiku, Now));

    [Fact]
    public void Star_InTierAndGroup_CoversEveryModel() =>
        Assert.Null(RoutingEligibility.Refusal(Scope(Group("a", "premium", models: ["*"])), Haiku with { Model = "anything" }, Now));

    [Fact]
    public void Star_OfOneProvider_DoesNotCoverAnother() =>
        Assert.Equal(RoutingRejectionReason.NoProviderAccess, RoutingEligibility.Refusal(Scope(Group("a", "premium", models: ["*"])), Haiku with { Provider = "openai" }, Now));

    [Fact]
    public void ModelName_IsNoPrefix() =>
        Assert.Equal(RoutingRejectionReason.NoProviderAccess, RoutingEligibility.Refusal(Scope(Group("a", "premium", models: ["claude"])), Haiku, Now));

    [Fact]
    public void EmptyModelList_Gives_Nothing() =>
        Assert.Equal(RoutingRejectionReason.NoProviderAccess, RoutingEligibility.Refusal(Scope(Group("a", "premium", models: [])), Haiku, Now));

    [Fact]
    public void TierWithoutModels_Wins_OverTheGroupsList() =>
        Assert.Equal(RoutingRejectionReason.TierLacksModel, RoutingEligibility.Refusal(Scope(Group("a", "free", models: ["*"])), Haiku, Now));

    [Fact]
    public void CallerWithoutGroups_Gets_Nothing() =>
        Assert.Equal(RoutingRejectionReason.TierLacksModel, RoutingEligibility.Refusal(Scope(), Haiku, Now));

    [Fact]
    public void ExpiredFacts_Give_Nothing() =>
        Assert.Equal(RoutingRejectionReason.ScopeExpired, RoutingEligibility.Refusal(Scope(Group("a", "premium", models: ["*"])), Haiku, Now.AddHours(1)));

    [Theory]
    [InlineData(new[] { "eu-west-1" }, null)]
    [InlineData(new[] { "eu-west-1", "us-east-1" }, RoutingRejectionReason.OutsideResidency)]
    [InlineData(new string[0], RoutingRejectionReason.OutsideResidency)]
    public void Residency_IsJudged_OnEveryRegionOfTheTarget(string[] regions, RoutingRejectionReason? expected) =>
        Assert.Equal(expected, RoutingEligibility.Refusal(
            Scope(Group("a", "premium", ["*"], "eu-west-1", "eu-central-1")), Haiku with { ProcessingRegions = [.. regions] }, Now));

    [Fact]
    public void GroupsWithoutACommonRegion_Give_Nothing() =>
        Assert.Equal(RoutingRejectionReason.OutsideResidency, RoutingEligibility.Refusal(
            Scope(Group("a", "premium", ["*"], "eu-west-1"), Group("b", "premium", ["*"], "us-east-1")), Haiku, Now));

    [Fact]
    public void Decision_WithoutCandidates_ChoosesNobody()
    {
        var decision = new RoutingDecision
        {
            Request = new RoutingRequest { RequestId = "r", InputTokens = 1, MaxOutputTokens = 1 },
            ScopeFingerprint = "f",
            Strategy = RoutingStrategy.Compliance,
            DecidedAt = Now,
            Candidates = [],
            Rejections = [new RoutingRejection(Haiku, RoutingRejectionReason.OutsideResidency)],
        };
        Assert.Null(decision.Chosen);
        Assert.Equal(Haiku, (decision with { Candidates = [new RoutingCandidate(Haiku, 1, WarmthState.Warm)] }).Chosen);
    }

    private static GroupPolicy Group(string id, string tier, ImmutableArray<string> models, params ImmutableArray<string> residency) =>
        new() { Id = id, Tier = tier, Providers = [new ProviderAccess("anthropic", models, 1)], Residency = residency };

    private static AccessScope Scope(params GroupPolicy[] groups)
    {
        var policy = AccessPolicy.Empty with { Groups = groups.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal) };
        var facts = new CallerFacts("subject", [.. groups.Select(g => g.Id)], ImmutableSortedDictionary<string, string>.Empty, Now.AddHours(1));
        return new AccessScope.Issuer(() => policy, new NoAudit()).Issue(facts);
    }

    private sealed class NoAudit : IAccessAudit
    {
        public void SystemScopeIssued(string subject, string reason) => Assert.Fail("no system scope is asked for");

        public void ActedAsGroup(string subject, string group) => Assert.Fail("no override is asked for");

        public void Denied(string subject, string resource, string action) => Assert.Fail("nothing is refused by the issuer");
    }
}
