using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>What a scope is told must not depend on what it does not see: the same answers as from an index without the hidden products.</summary>
public sealed class NonInterferenceTests
{
    private const int Catalogs = 120;
    private const int Questions = 14;

    [Fact]
    public async Task EveryRead_RandomCatalogs_AnswersAsAnIndexOfTheVisibleProductsOnly()
    {
        var (compared, wouldDiffer, corrected) = (0, 0, 0);
        for (var round = 0; round < Catalogs; round++)
        {
            var random = new RandomCatalog(Seed.Random(10_000 + round));
            var products = random.Products(20 + (round * 17 % 230));
            var scope = Given.Scope(random.Policy(), random.Caller());
            var visible = products.Where(p => scope.ProductsIn(Given.Catalog, DateTimeOffset.UtcNow).IsVisible(p)).ToList();
            if (visible.Count < 3)
            {
                continue;
            }

            using var many = new TestEngine(configure: o => o.SegmentProducts = 64);
            using var one = new TestEngine();
            using var pure = new TestEngine();
            await many.BuildAsync(products);
            await one.BuildAsync(products);
            await pure.BuildAsync(visible);
            for (var question = 0; question < Questions; question++)
            {
                var ask = Question(random, visible);
                var expected = await ask(pure, scope);
                Assert.True(expected == await ask(one, scope), $"one segment: {Seed.Of(round)}, question {question}\n{expected}\n{await ask(one, scope)}");
                Assert.True(expected == await ask(many, scope), $"segments: {Seed.Of(round)}, question {question}\n{expected}\n{await ask(many, scope)}");
                compared++;
                wouldDiffer += expected == await ask(one, Given.System) ? 0 : 1;
                corrected += expected.Contains("\"CorrectedText\":\"", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.True(compared > 600 && wouldDiffer * 2 > compared && corrected > 20, $"compared {compared}, would differ {wouldDiffer}, corrected {corrected}");
    }

    [Fact]
    public async Task Correction_HiddenBrandIsTheClosestWord_IsNotMade()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "plain lamp"), Given.Hidden("b", "secret") with { Brand = "Zyntrix" }]);

        var page = await engine.SearchAsync(Given.Member(), "zyntrx");

        Assert.Equal(0, page.Total);
        Assert.Null(page.CorrectedText);
        Assert.Equal("zyntrix", (await engine.SearchAsync(Given.System, "zyntrx")).CorrectedText);
    }

    [Fact]
    public async Task Correction_HiddenWordIsMoreFrequent_TakesTheVisibleOne()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "battery"), .. Enumerable.Range(0, 9).Select(i => Given.Hidden($"h{i}", "buttery"))]);

        Assert.Equal("battery", (await engine.SearchAsync(Given.Member(), "bettery")).CorrectedText);
    }

    [Fact]
    public async Task Compound_OnlyHiddenProductsHaveTheJoinedWord_IsNotJoined()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "head lamp"), Given.Product("b", "lamp set"), Given.Hidden("h1", "headset"), Given.Hidden("h2", "headset")]);

        Assert.Equal(2, (await engine.SearchAsync(Given.Member(), "head set")).Total);
        Assert.Equal(4, (await engine.SearchAsync(Given.System, "head set")).Total);
    }

    [Fact]
    public async Task Facet_HiddenProductSpellsTheValueFirst_ShowsTheVisibleSpelling()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Hidden("a", "lamp") with { Brand = "ACME-SECRET" }, Given.Product("b", "lamp") with { Brand = "Acme-Secret" }]);

        var overview = await engine.Catalog.ListFacetsAsync(Given.Member(), new FacetQuery { Catalog = Given.Catalog, Facets = [new FacetRequest("brand")] }, default);

        Assert.Equal(new FacetValue("Acme-Secret", 1), Assert.Single(overview.Facets[0].Values));
    }

    [Fact]
    public async Task Score_HiddenProductsWithTheWord_DoNotChangeIt()
    {
        Product[] visible = [Given.Product("a", "red lamp"), Given.Product("b", "red kettle with a long name"), Given.Product("c", "lamp")];
        using var full = new TestEngine();
        using var pure = new TestEngine();
        await full.BuildAsync([.. visible, .. Enumerable.Range(0, 50).Select(i => Given.Hidden($"h{i}", "lamp lamp lamp lamp shade of a very long hidden name"))]);
        await pure.BuildAsync(visible);

        var expected = (await pure.SearchAsync(Given.Member(), "red lamp")).Hits.Select(h => (h.Id, h.Score));

        Assert.Equal(expected, (await full.SearchAsync(Given.Member(), "red lamp")).Hits.Select(h => (h.Id, h.Score)));
        Assert.NotEqual(expected.Select(h => h.Score), (await full.SearchAsync(Given.System, "red lamp")).Hits.Take(3).Select(h => h.Score));
    }

    /// <summary>One random request, answered as text; the cursor is left out (its key is the folder's) but not whether there is one.</summary>
    private static Func<TestEngine, AccessScope, Task<string>> Question(RandomCatalog random, List<Product> visible)
    {
        switch (random.Pick([0, 1, 2, 3, 4, 5, 6, 6, 6, 6, 7]))
        {
            case 0:
                var prefix = random.Prefix();
                return async (engine, scope) => Given.Json(await engine.Catalog.SuggestAsync(scope, new SuggestQuery { Catalog = Given.Catalog, Prefix = prefix, Size = 20 }, default));
            case 1:
                return async (engine, scope) => Given.Json(await engine.Catalog.ListFacetsAsync(scope, new FacetQuery { Catalog = Given.Catalog }, default));
            case 2:
                var facets = new FacetQuery { Catalog = Given.Catalog, Text = random.Query(), Facets = Facets };
                return async (engine, scope) => Given.Json(await engine.Catalog.ListFacetsAsync(scope, facets, default));
            case 3:
                var similar = new SimilarQuery { Catalog = Given.Catalog, Id = random.Pick(visible).Id };
                return async (engine, scope) => Given.Json(await engine.Catalog.FindSimilarAsync(scope, similar, default));
            case 7:
                var values = new FacetValueQuery
                {
                    Catalog = Given.Catalog, Field = random.Pick(FindFields), Text = random.Pick(["", "a", "acme", "zyntrx", "head", "mem", "16", "electronics", "audio/video", "re", "zintrix"]), Size = random.Pick([1, 2, 100]),
                };
                return async (engine, scope) => Given.Json(await engine.Catalog.FindFacetValuesAsync(scope, values, default));
            default:
                var query = new ProductQuery
                {
                    Catalog = Given.Catalog,
                    Text = random.Query(),
                    Mode = random.Chance(80) ? SearchMode.Lexical : SearchMode.Hybrid,
                    Sort = random.Chance(75) ? ProductSort.Relevance : random.Pick(Enum.GetValues<ProductSort>()),
                    PageSize = random.Pick([3, 10, 200]),
                    Facets = Facets,
                    Filters = random.Chance(25) ? [QueryFilter.In("brand", "acme")] : [],
                    IncludeHighlights = true,
                };
                return (engine, scope) => AllPages(engine, scope, query);
        }
    }

    private static readonly string?[] FindFields = ["brand", "class", "category", "memory", "region", "colour", null];

    private static readonly System.Collections.Immutable.ImmutableArray<FacetRequest> Facets =
        [new("brand", 20), new("class", 20), new("category", 20), new("memory", 20), new("price"), new("rating"), new("region"), new("colour", 1)];

    private static async Task<string> AllPages(TestEngine engine, AccessScope scope, ProductQuery query)
    {
        var text = new System.Text.StringBuilder();
        for (var number = 0; number < 4; number++)
        {
            var page = await engine.SearchAsync(scope, query);
            text.Append(Given.Json(page with { NextCursor = page.NextCursor is null ? null : "more" }));
            if (page.NextCursor is null)
            {
                break;
            }

            query = query with { Cursor = page.NextCursor };
        }

        return text.ToString();
    }
}
