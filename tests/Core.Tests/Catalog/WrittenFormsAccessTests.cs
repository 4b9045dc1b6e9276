using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Tests.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Catalog;

/// <summary>No way of writing a value passes a rule that names the value.</summary>
public sealed class WrittenFormsAccessTests
{
    public static TheoryData<string, string> Forms { get; } = new()
    {
        { "Crème", "Cre\u0300me" },
        { "Cre\u0300me", "CRÈME" },
        { "acme", "ＡＣＭＥ" },
        { "acme", "AC\u200BME" },
        { "acme", "\u202Eacme" },
        { "ac\u00ADme", "ACME" },
        { "Ёлка", "Е\u0308ЛКА" },
        { "Λόγος", "ΛΟ\u0301ΓΟΣ" },
        { "한국", "\u1112\u1161\u11AB\u1100\u116E\u11A8" },
        { "a\uD800", "A\uFFFD" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void DataFilter_ValueWrittenAnotherWay_IsTheSameValue(string listed, string written)
    {
        var product = Given.Product() with { Brand = written };

        Assert.True(Sees(Given.Group("g", Given.Filter("brand", FilterOperator.Equals, listed)), product));
        Assert.True(Sees(Given.Group("g", Given.Filter("brand", FilterOperator.In, "other", listed)), product));
        Assert.False(Sees(Given.Group("g", Given.Filter("brand", FilterOperator.NotIn, listed)), product));
        Assert.False(Sees(Given.Group("g", Given.Filter("brand", FilterOperator.NotIn, listed, "other")), product));
        Assert.True(Sees(Given.Group("g", Given.Filter("brand", FilterOperator.NotIn, "other")), product));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void RestrictedRegion_WrittenAnotherWay_IsTheSameRegion(string region, string written)
    {
        var scope = Given.ScopeOf(Given.Group("g"), (CallerFacts.RegionAttribute, region));

        Assert.False(Visible(scope, Given.Product() with { RestrictedRegions = [written] }));
        Assert.True(Visible(scope, Given.Product() with { RestrictedRegions = ["elsewhere"] }));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void AllowedGroup_WrittenAnotherWay_IsTheSameGroup(string group, string written) =>
        Assert.True(ProductFilter.AllowsGroup(Given.Product() with { AllowedGroups = [written] }, group));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    [InlineData(-7.9228162514264338e28)]
    public void Rating_ThatNoDecimalHolds_IsNoValue(double rating)
    {
        var product = Given.Product() with { Rating = rating };

        Assert.Empty(ProductFields.Values(product, ProductFields.Rating));
        Assert.DoesNotContain(ProductFields.All(product), v => v.Field == ProductFields.Rating);
        Assert.False(Sees(Given.Group("g", Given.Filter("rating", FilterOperator.Gte, "0")), product));
        Assert.False(Sees(Given.Group("g", Given.Filter("rating", FilterOperator.Lte, "5")), product));
    }

    [Fact]
    public void Rating_Ordinary_IsItsNumber() => Assert.Equal(["4.5"], ProductFields.Values(Given.Product() with { Rating = 4.5 }, ProductFields.Rating));

    private static bool Sees(GroupPolicy group, Product product) => Visible(Given.ScopeOf(group), product);

    private static bool Visible(AccessScope scope, Product product) => scope.ProductsIn(Given.Catalog, Given.Now).IsVisible(product);
}
