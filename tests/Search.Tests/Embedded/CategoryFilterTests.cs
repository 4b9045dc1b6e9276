using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

public sealed class CategoryFilterTests
{
    [Theory]
    [InlineData("Audio/Video")]
    [InlineData("audio/video / Cables")]
    [InlineData("Audio/Video > Cables")]
    public async Task CategoryFilter_LevelsNameHoldsASlash_MatchesAsTheFacetWritesIt(string value)
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a") with { CategoryPath = ["Audio/Video", "Cables"] }, Given.Product("b") with { CategoryPath = ["Audio"] }]);

        var ids = await engine.AllIdsAsync(Given.Member(), new ProductQuery { Catalog = Given.Catalog, Filters = [QueryFilter.In("category", value)] });

        Assert.Equal(["a"], ids);
    }
}
