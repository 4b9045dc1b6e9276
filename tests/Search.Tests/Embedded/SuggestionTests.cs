using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

public sealed class SuggestionTests
{
    [Fact]
    public async Task Suggest_StopWordIsTheMostFrequentCompletion_IsLeftOut()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "lamp with shade"), Given.Product("b", "kettle with lid"), Given.Product("c", "wine rack")]);

        var suggestions = await engine.Catalog.SuggestAsync(Given.Member(), new SuggestQuery { Catalog = Given.Catalog, Prefix = "wi" }, default);

        Assert.Equal("wine", Assert.Single(suggestions).Text);
    }

    [Fact]
    public async Task Suggest_RandomCatalogs_EveryCompletionFindsAVisibleProductAndCountsRight()
    {
        var checkedCount = 0;
        for (var round = 0; round < 30; round++)
        {
            var random = new RandomCatalog(Seed.Random(20_000 + round));
            var scope = Given.Member("alpha");
            var products = random.Products(60);
            using var engine = new TestEngine(configure: o => o.SegmentProducts = 64);
            await engine.BuildAsync(products);
            var visible = products.Where(p => scope.ProductsIn(Given.Catalog, Given.Now).IsVisible(p)).ToList();
            for (var i = 0; i < 8; i++)
            {
                var prefix = random.Prefix();
                foreach (var suggestion in await engine.Catalog.SuggestAsync(scope, new SuggestQuery { Catalog = Given.Catalog, Prefix = prefix, Size = 20 }, default))
                {
                    var page = await engine.SearchAsync(scope, suggestion.Text);
                    Assert.True(page.Total > 0 && page.CorrectedText is null, $"'{suggestion.Text}' finds nothing: {Seed.Of(round)}");
                    Assert.True(suggestion.Count == Count(visible, suggestion), $"'{suggestion}' has {Count(visible, suggestion)} products: {Seed.Of(round)}");
                    checkedCount++;
                }
            }
        }

        Assert.True(checkedCount > 200, $"{checkedCount} suggestions");
    }

    private static int Count(List<Product> visible, Suggestion suggestion) => suggestion.Kind switch
    {
        "brand" => visible.Count(p => Keyword.Normalize(p.Brand) == Keyword.Normalize(suggestion.Text)),
        "class" => visible.Count(p => Keyword.Normalize(p.Class) == Keyword.Normalize(suggestion.Text)),
        _ => visible.Count(p => suggestion.Text.Split(' ').All(w => $"{p.Name} {p.Brand} {p.Class}".ToLowerInvariant().Split(' ').Contains(w))),
    };
}
