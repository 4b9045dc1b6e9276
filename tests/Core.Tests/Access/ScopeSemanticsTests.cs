using AiPlatform.Core.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Access;

public sealed class ScopeSemanticsTests
{
    [Theory]
    [InlineData(DataAccessLevel.Confidential, "enterprise", DataAccessLevel.Confidential, true)]
    [InlineData(DataAccessLevel.Confidential, "premium", DataAccessLevel.Confidential, false)]
    [InlineData(DataAccessLevel.Confidential, "premium", DataAccessLevel.Internal, true)]
    [InlineData(DataAccessLevel.Internal, "enterprise", DataAccessLevel.Confidential, false)]
    [InlineData(DataAccessLevel.Confidential, "basic", DataAccessLevel.Internal, false)]
    [InlineData(DataAccessLevel.Confidential, "unheard-of", DataAccessLevel.Internal, false)]
    public void Level_IsTheLowerOfGroupAndTier(DataAccessLevel group, string tier, DataAccessLevel product, bool expected)
    {
        var scope = Given.ScopeOf(Given.Group("a") with { DataAccessLevel = group, Tier = tier });

        Assert.Equal(expected, scope.Sees(Given.Product() with { AccessLevel = product }));
    }

    [Fact]
    public void Level_IsJudgedGroupByGroup()
    {
        // The clearance of one group must not carry over to what only the other lets through.
        var policy = Given.Policy(
            Given.Group("cleared", Given.Filter("region", FilterOperator.In, "US")),
            Given.Group("plain", Given.Filter("region", FilterOperator.In, "EU")) with { DataAccessLevel = DataAccessLevel.Public });
        var scope = Given.Scope(policy, Given.Caller(["cleared", "plain"]));
        var confidential = Given.Product() with { AccessLevel = DataAccessLevel.Confidential };

        Assert.Equal(DataAccessLevel.Confidential, scope.DataAccessLevel);
        Assert.True(scope.Sees(confidential with { Regions = ["US"] }));
        Assert.False(scope.Sees(confidential with { Regions = ["EU"] }));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Level_OutsideTheThree_IsSeenByNobody(int level)
    {
        Assert.False(Given.ScopeOf(Given.Group("a")).Sees(Given.Product() with { AccessLevel = (DataAccessLevel)level }));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("b", false)]
    [InlineData("a", true)]
    [InlineData(" A ", true)]
    [InlineData("everyone", true)]
    [InlineData("b,Everyone", true)]
    public void AllowedGroups_MustNameTheGroupOrEveryone(string allowed, bool expected)
    {
        var product = Given.Product() with { AllowedGroups = [.. allowed.Split(',', StringSplitOptions.RemoveEmptyEntries)] };

        Assert.Equal(expected, Given.ScopeOf(Given.Group("a")).Sees(product));
    }

    [Fact]
    public void AllowedGroups_OfAnotherGroup_DoNotOpenThisGroupsRules()
    {
        // The product is for b, and b's filter shuts it out; that a's filter would let it through must not help.
        var policy = Given.Policy(Given.Group("a"), Given.Group("b", Given.Filter("brand", FilterOperator.Equals, "other")));
        var scope = Given.Scope(policy, Given.Caller(["a", "b"]));

        Assert.False(scope.Sees(Given.Product() with { AllowedGroups = ["b"], Brand = "Acme" }));
    }

    [Theory]
    [InlineData(null, "", true)]
    [InlineData(null, "US", false)]
    [InlineData("  ", "US", false)]
    [InlineData("EU", "US", true)]
    [InlineData("us", "US", false)]
    [InlineData("EU", "US,eu", false)]
    public void RestrictedRegions_RefuseTheCallersAndUnknownRegions(string? region, string restricted, bool expected)
    {
        var scope = region is null ? Given.ScopeOf(Given.Group("a")) : Given.ScopeOf(Given.Group("a"), ("region", region));

        Assert.Equal(expected, scope.Sees(Given.Product() with { RestrictedRegions = [.. restricted.Split(',', StringSplitOptions.RemoveEmptyEntries)] }));
    }

    [Theory]
    [InlineData(FilterOperator.Equals)]
    [InlineData(FilterOperator.In)]
    [InlineData(FilterOperator.NotIn)]
    [InlineData(FilterOperator.Lte)]
    [InlineData(FilterOperator.Gte)]
    public void Filter_OnAFieldTheProductLacks_HidesIt(FilterOperator op)
    {
        Assert.False(Given.ScopeOf(Given.Group("a", Given.Filter("price", op, "5"))).Sees(Given.Product()));
        Assert.False(Given.ScopeOf(Given.Group("a", Given.Filter("spec.nothing", op, "5"))).Sees(Given.Product()));
    }

    [Theory]
    [InlineData(FilterOperator.Equals)]
    [InlineData(FilterOperator.In)]
    [InlineData(FilterOperator.NotIn)]
    [InlineData(FilterOperator.Unknown)]
    [InlineData((FilterOperator)99)]
    public void Filter_EmptyListOrUnknownOperator_HidesEverything(FilterOperator op)
    {
        var values = op is FilterOperator.Unknown or (FilterOperator)99 ? new[] { "Acme" } : [];

        Assert.False(Given.ScopeOf(Given.Group("a", Given.Filter("brand", op, values))).Sees(Given.Product() with { Brand = "Acme" }));
    }

    [Theory]
    [InlineData(FilterOperator.NotIn, false)]
    [InlineData(FilterOperator.Unknown, false)]
    public void Predicate_MadeByHandWithoutValues_MatchesNothing(FilterOperator op, bool expected)
    {
        Assert.Equal(expected, new FieldPredicate("brand", op, [], null).Matches(Given.Product() with { Brand = "Acme" }));
    }

    [Theory]
    [InlineData("199", 199, true)]
    [InlineData("198.99", 199, false)]
    [InlineData("1,5", 1, false)]
    [InlineData("many", 1, false)]
    [InlineData("", 1, false)]
    public void Filter_Lte_ReadsPlainNumbersOnly(string bound, int price, bool expected)
    {
        Assert.Equal(expected, Given.ScopeOf(Given.Group("a", Given.Filter("price", FilterOperator.Lte, bound))).Sees(Given.Product() with { Price = price }));
    }

    [Theory]
    [InlineData("current-user-region")]
    [InlineData("Current-User-Region")]
    [InlineData(" current-user-region ")]
    public void DynamicValue_IsResolvedFromTheCaller_HoweverItIsWritten(string reference)
    {
        var group = Given.Group("a", Given.Filter("region", FilterOperator.NotIn, reference));
        var eu = Given.Product() with { Regions = ["EU"] };

        Assert.False(Given.ScopeOf(group, ("region", "eu")).Sees(eu));
        Assert.True(Given.ScopeOf(group, ("region", "US")).Sees(eu));
        Assert.False(Given.ScopeOf(group).Sees(eu));
        Assert.False(Given.ScopeOf(group, ("region", " ")).Sees(eu));
    }

    [Fact]
    public void DynamicValue_Unresolved_ShutsTheGroupAndNotTheOthers()
    {
        var policy = Given.Policy(Given.Group("a", Given.Filter("brand", FilterOperator.In, "Acme", "current-user-brand")), Given.Group("b", Given.Filter("brand", FilterOperator.In, "Bolt")));
        var scope = Given.Scope(policy, Given.Caller(["a", "b"]));

        Assert.False(scope.Sees(Given.Product() with { Brand = "Acme" }));
        Assert.True(scope.Sees(Given.Product() with { Brand = "Bolt" }));
    }

    [Fact]
    public void Filter_OfAnotherResource_DoesNotEmptyTheCatalog()
    {
        var group = Given.Group("a", new DataFilter("country", FilterOperator.Equals, ["DE"], "customers"));

        Assert.True(Given.ScopeOf(group).Sees(Given.Product()));
    }

    [Fact]
    public void Filter_OfProductsInAnotherCase_StillHolds()
    {
        var group = Given.Group("a", new DataFilter("brand", FilterOperator.Equals, ["Acme"], "Products"));

        Assert.False(Given.ScopeOf(group).Sees(Given.Product() with { Brand = "Bolt" }));
    }

    [Fact]
    public void Category_InAFilter_TakesTheSubtree()
    {
        var phones = Given.Product() with { CategoryPath = ["Electronics", "Phones"] };

        Assert.True(Given.ScopeOf(Given.Group("a", Given.Filter("category", FilterOperator.In, "Electronics"))).Sees(phones));
        Assert.True(Given.ScopeOf(Given.Group("a", Given.Filter("category", FilterOperator.In, "electronics / phones"))).Sees(phones));
        Assert.False(Given.ScopeOf(Given.Group("a", Given.Filter("category", FilterOperator.In, "Phones"))).Sees(phones));
        Assert.False(Given.ScopeOf(Given.Group("a", Given.Filter("category", FilterOperator.NotIn, "Electronics"))).Sees(phones));
    }

    [Fact]
    public void Permission_OnProductsRead_IsNeeded()
    {
        var group = Given.Group("a");

        Assert.False(Given.ScopeOf(group with { Permissions = [] }).Sees(Given.Product()));
        Assert.False(Given.ScopeOf(group with { Permissions = [new Permission("products", ["write"], Given.Read().Conditions)] }).Sees(Given.Product()));
        Assert.True(Given.ScopeOf(group with { Permissions = [new Permission("*", ["*"], Given.Read().Conditions)] }).Sees(Given.Product()));
    }

    [Fact]
    public void Permission_WithACatalogCondition_OpensOnlyThatCatalog()
    {
        var scope = Given.ScopeOf(Given.Group("a") with { Permissions = [Given.Read(("catalog", ["main"]))] });

        Assert.True(scope.Sees(Given.Product(), "main"));
        Assert.False(scope.Sees(Given.Product(), "other"));
        Assert.True(scope.Allows("products", "read", Given.Now, new Dictionary<string, string> { ["catalog"] = "main" }));
        Assert.False(scope.Allows("products", "read", Given.Now));
    }

    [Fact]
    public void Permission_WithAConditionNobodyAnswers_GivesNothing()
    {
        Assert.False(Given.ScopeOf(Given.Group("a") with { Permissions = [Given.Read(("weather", ["fine"]))] }).Sees(Given.Product()));
        Assert.False(Given.ScopeOf(Given.Group("a") with { Permissions = [Given.Read(("catalog", []))] }).Sees(Given.Product()));
    }

    [Fact]
    public void Facts_Expired_SeeAndMayNothing()
    {
        var scope = Given.ScopeOf(Given.Group("a"));

        Assert.True(scope.ProductsIn(Given.Catalog, Given.Later.AddTicks(-1)).IsVisible(Given.Product()));
        Assert.False(scope.ProductsIn(Given.Catalog, Given.Later).IsVisible(Given.Product()));
        Assert.True(scope.Allows("products", "read", Given.Later.AddTicks(-1)));
        Assert.False(scope.Allows("products", "read", Given.Later));
    }

    [Fact]
    public void Caller_WithoutKnownGroups_SeesNothingAndHasTheFreeTier()
    {
        var scope = Given.Scope(Given.Policy(Given.Group("a")), Given.Caller(["b"]));

        Assert.False(scope.Sees(Given.Product()));
        Assert.Equal(TierPolicy.Free, scope.Tier);
        Assert.Empty(scope.Groups);
    }

    [Fact]
    public void Everyone_IsNoGroupACallerCanBeIn()
    {
        // Even where a policy made by hand declares it.
        var scope = Given.Scope(Given.Policy(Given.Group("everyone")), Given.Caller(["everyone"]));

        Assert.Empty(scope.Groups);
        Assert.False(scope.Sees(Given.Product()));
    }

    [Fact]
    public void Tier_IsTheMostGenerousOfTheGroups()
    {
        var policy = Given.Policy(Given.Group("a") with { Tier = "basic" }, Given.Group("b") with { Tier = "premium" });

        Assert.Equal("premium", Given.Scope(policy, Given.Caller(["a", "b"])).Tier.Name);
    }

    [Fact]
    public void Residency_IsTheIntersectionAndConflictsShow()
    {
        var policy = Given.Policy(Given.Group("a") with { Residency = ["eu", "us"] }, Given.Group("b") with { Residency = ["eu"] }, Given.Group("c") with { Residency = ["ap"] }, Given.Group("d"));

        Assert.Equal<string>(["eu"], Given.Scope(policy, Given.Caller(["a", "b", "d"])).Residency);
        Assert.False(Given.Scope(policy, Given.Caller(["d"])).ResidencyConflict);
        Assert.Empty(Given.Scope(policy, Given.Caller(["d"])).Residency);
        Assert.True(Given.Scope(policy, Given.Caller(["b", "c"])).ResidencyConflict);
    }

    [Fact]
    public void Compliance_WinsOverEveryOtherStrategy()
    {
        var policy = Given.Policy(Given.Group("a") with { RoutingStrategy = RoutingStrategy.Cost }, Given.Group("b") with { RoutingStrategy = RoutingStrategy.Compliance });

        Assert.Equal(RoutingStrategy.Compliance, Given.Scope(policy, Given.Caller(["a", "b"])).RoutingStrategy);
    }
}
