using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>The vector leg beside the words: it may add what is visible and passes the filters, and nothing else.</summary>
public sealed class HybridTests
{
    private static readonly HashEmbedder Embedder = new();

    private static CatalogBuildRequest Request => TestEngine.Request(model: Embedder.ModelId, dimensions: Embedder.Dimensions);

    [Fact]
    public async Task EveryMode_RandomScopesAndFilters_ShowsOnlyWhatIsVisibleAndPasses()
    {
        var shown = 0;
        for (var round = 0; round < 40; round++)
        {
            var random = new RandomCatalog(Seed.Random(40_000 + round));
            var products = random.Products(120);
            var scope = Given.Scope(random.Policy(), random.Caller());
            var visible = products.Where(p => scope.ProductsIn(Given.Catalog, Given.Now).IsVisible(p)).ToDictionary(p => p.Id);
            if (visible.Count == 0)
            {
                continue;
            }

            using var engine = new TestEngine(configure: AnyCosine, embedders: Embedder);
            await engine.BuildAsync(products, Request, p => Embedder.Vector(Embedder.TextOf(p)));
            foreach (var mode in Enum.GetValues<SearchMode>())
            {
                var query = new ProductQuery { Catalog = Given.Catalog, Text = random.Query(), Mode = mode, PageSize = 9, Filters = random.Chance(50) ? [QueryFilter.In("brand", "acme")] : [] };
                var ids = await engine.AllIdsAsync(scope, query);
                Assert.True(ids.Count == ids.Distinct().Count(), $"a product twice: {Seed.Of(round)}");
                Assert.All(ids, id => Assert.True(visible.ContainsKey(id), $"{id} is hidden: {Seed.Of(round)}"));
                Assert.All(ids, id => Assert.True(query.Filters.IsEmpty || Keyword.Normalize(visible[id].Brand) == "acme", $"{id} is filtered: {Seed.Of(round)}"));
                shown += ids.Count;
            }

            var like = await engine.Catalog.FindSimilarAsync(scope, new SimilarQuery { Catalog = Given.Catalog, Id = visible.Keys.First(), Size = 200 }, default);
            Assert.Equal(visible.Count - 1, like.Hits.Length);
            Assert.All(like.Hits, h => Assert.True(visible.ContainsKey(h.Id) && h.Id != visible.Keys.First(), Seed.Of(round)));
        }

        Assert.True(shown > 1_000, $"{shown} shown");
    }

    /// <summary>Random vectors are near to nothing: without the floor the vector leg has something to show.</summary>
    private static void AnyCosine(EmbeddedCatalogOptions options)
    {
        options.SegmentProducts = 64;
        options.Ranking.MinCosine = -1;
    }

    [Theory]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(200)]
    public async Task Hybrid_PagedToTheEnd_ShowsEveryMatchOnceOnFullPages(int pageSize)
    {
        // More matches than the ranked window, and vector hits among the matches beyond it.
        using var engine = new TestEngine(embedders: Embedder);
        await engine.BuildAsync(Enumerable.Range(0, 450).Select(i => Given.Product($"p{i:000}", i % 9 == 0 ? "kettle" : "lamp" + new string(' ', i % 3) + $" shade {i}")), Request, p => Embedder.Vector(Embedder.TextOf(p)));
        var lamps = await engine.AllIdsAsync(Given.System, new ProductQuery { Catalog = Given.Catalog, Text = "lamp", Mode = SearchMode.Lexical, PageSize = 200 });
        Assert.Equal(400, lamps.Count);
        var query = new ProductQuery { Catalog = Given.Catalog, Text = "lamp", PageSize = pageSize };
        var ids = new List<string>();
        for (var more = true; more;)
        {
            var page = await engine.SearchAsync(Given.System, query);
            more = page.NextCursor is not null;
            Assert.True(!more || page.Hits.Length == pageSize, $"a page of {page.Hits.Length} before the last");
            ids.AddRange(page.Hits.Select(h => h.Id));
            query = query with { Cursor = page.NextCursor };
        }

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Empty(lamps.Except(ids));
    }

    [Fact]
    public async Task Hybrid_ModelNotConfigured_AnswersByWordsAndSaysSo()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "lamp")], Request, p => Embedder.Vector(Embedder.TextOf(p)));

        var page = await engine.SearchAsync(Given.System, "lamp", SearchMode.Hybrid);

        Assert.Equal("embedding_model_not_configured", page.Degraded);
        Assert.Single(page.Hits);
        Assert.Null((await engine.SearchAsync(Given.System, "lamp")).Degraded);
    }

    [Fact]
    public async Task Highlight_CutInsideACharacterOfTwoUnits_IsWholeText()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(Enumerable.Range(0, 4).Select(i => Given.Product($"p{i}", "lamp") with { Description = "lamp " + new string('x', i) + string.Concat(Enumerable.Repeat("😀", 200)) }));

        var page = await engine.SearchAsync(Given.System, new ProductQuery { Catalog = Given.Catalog, Text = "lamp", Mode = SearchMode.Lexical, IncludeHighlights = true });

        Assert.Equal(4, page.Hits.Length);
        var strict = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true);
        Assert.All(page.Hits.SelectMany(h => h.Highlights), l => strict.GetBytes(l.Snippet));
    }
}
