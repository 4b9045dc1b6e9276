using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

/// <summary>
/// Random catalogs, policies, callers and questions: the OpenSearch engine over all products answers as the embedded engine does over the visible ones alone. So the two engines
/// agree, and neither tells anything of what is hidden. Scores are left out, and the order by relevance with them: average lengths of texts are those of the whole index.
/// </summary>
[Collection(OpenSearchNode.Collection)]
public sealed class SameAnswersTests(OpenSearchNode node)
{
    private const int Catalogs = 14;
    private const int CallersEach = 3;
    private const int Questions = 12;
    private static readonly string?[] FindFields = ["brand", "class", "category", "memory", "region", "colour", "id", null];

    private static readonly ImmutableArray<FacetRequest> Facets =
        [new("brand", 20), new("class", 20), new("category", 20), new("memory", 20), new("price"), new("rating"), new("region"), new("colour", 1)];

    [SkippableFact]
    public async Task EveryRead_RandomCatalogsAndCallers_AnswersAsTheEmbeddedEngineOverTheVisibleProducts()
    {
        Skip.If(node.Missing is not null, node.Missing);
        var (compared, hidden, blind, corrected) = (0, 0, 0, 0);
        for (var round = 0; round < Catalogs; round++)
        {
            var random = new RandomCatalog(Seed.Random(90_000 + round));
            var products = random.Products(20 + (round * 31 % 200));
            var engine = new OpenSearchEngine(node.Options(OpenSearchNode.NewPrefix()));
            try
            {
                await BuildAsync(engine.Store, products);
                for (var caller = 0; caller < CallersEach; caller++)
                {
                    var scope = Given.Scope(random.Policy(), random.Caller());
                    var visible = products.Where(p => scope.ProductsIn(Given.Catalog, DateTimeOffset.UtcNow).IsVisible(p)).ToList();
                    using var pure = new TestEngine();
                    await BuildAsync(pure.Catalog, visible);
                    hidden += products.Count - visible.Count;
                    blind += visible.Count == 0 ? 1 : 0;
                    await AssertSeesAsync(engine.Index, scope, visible, products, $"{Seed.Of(round)}, caller {caller}");
                    for (var question = 0; question < Questions && visible.Count > 0; question++)
                    {
                        var (what, ask) = Question(random, visible);
                        var expected = await ask(pure.Catalog, scope);
                        var found = await ask(engine.Index, scope);
                        Assert.True(expected == found, $"{Seed.Of(round)}, caller {caller}, question {question}: {what}\nembedded   {expected}\nOpenSearch {found}");
                        compared++;
                        corrected += expected.Contains("\"CorrectedText\":\"", StringComparison.Ordinal) ? 1 : 0;
                    }
                }
            }
            finally
            {
                await engine.RemoveAsync();
                await engine.DisposeAsync();
            }
        }

        Assert.True(compared > 250 && hidden > 1_000 && blind > 2 && corrected > 4, $"compared {compared}, hidden {hidden}, blind {blind}, corrected {corrected}");
    }

    private static async Task BuildAsync(ICatalogStore store, IEnumerable<Product> products)
    {
        await using var build = await store.BeginBuildAsync(Given.System, TestEngine.Request(), default);
        foreach (var product in products)
        {
            await build.PutAsync(Given.Indexed(product), default);
        }

        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
    }

    private static async Task AssertSeesAsync(ICatalogIndex index, AccessScope scope, List<Product> visible, List<Product> all, string where)
    {
        if (visible.Count == 0)
        {
            var refused = await Assert.ThrowsAsync<CatalogRequestException>(() => index.GetAsync(scope, Given.Catalog, [all[0].Id], default).AsTask());
            Assert.Equal(CatalogErrors.UnknownCatalog, refused.Code);
            Assert.Empty(await index.ListCatalogsAsync(scope, default));
            return;
        }

        var ids = await IdsAsync(index, scope, new ProductQuery { Catalog = Given.Catalog, PageSize = 37, IncludeProducts = false });
        Assert.True(visible.Select(p => p.Id).Order(StringComparer.Ordinal).SequenceEqual(ids), $"search and predicate differ: {where}");
        Assert.Equal(visible.Count, Assert.Single(await index.ListCatalogsAsync(scope, default)).VisibleProducts);
        var got = new List<Product>();
        foreach (var batch in all.Select(p => p.Id).Chunk(CatalogLimits.Ids))
        {
            got.AddRange(await index.GetAsync(scope, Given.Catalog, batch, default));
        }

        Assert.True(Given.Json(visible) == Given.Json(got), $"look-up and predicate differ: {where}");
    }

    /// <summary>One random request, answered as text.</summary>
    private static (string What, Func<ICatalogIndex, AccessScope, Task<string>> Ask) Question(RandomCatalog random, List<Product> visible)
    {
        switch (random.Pick([0, 1, 2, 3, 4, 4, 4, 4, 4]))
        {
            case 0:
                var prefix = new SuggestQuery { Catalog = Given.Catalog, Prefix = random.Prefix(), Size = 20 };
                return (Given.Json(prefix), async (index, scope) => Given.Json(await index.SuggestAsync(scope, prefix, default)));
            case 1:
                var overview = new FacetQuery { Catalog = Given.Catalog };
                return ("overview", async (index, scope) => Given.Json(await index.ListFacetsAsync(scope, overview, default)));
            case 2:
                var facets = new FacetQuery { Catalog = Given.Catalog, Text = random.Query(), Facets = Facets, Filters = Filters(random) };
                return (Given.Json(facets), async (index, scope) => Given.Json(await index.ListFacetsAsync(scope, facets, default)));
            case 3:
                var values = new FacetValueQuery
                {
                    Catalog = Given.Catalog,
                    Field = random.Pick(FindFields),
                    Text = random.Pick(["", "a", "acme", "zyntrx", "head", "mem", "16", "electronics", "audio/video", "re", "zintrix", "p", visible[0].Id]),
                    Size = random.Pick([1, 2, 100]),
                };
                return (Given.Json(values), async (index, scope) => Given.Json(await index.FindFacetValuesAsync(scope, values, default)));
            default:
                var query = new ProductQuery
                {
                    Catalog = Given.Catalog,
                    Text = random.Query(),
                    Mode = random.Chance(80) ? SearchMode.Lexical : SearchMode.Hybrid,
                    Sort = random.Chance(60) ? ProductSort.Relevance : random.Pick(Enum.GetValues<ProductSort>()),
                    PageSize = random.Pick([3, 10, 200]),
                    Facets = Facets,
                    Filters = Filters(random),
                    IncludeHighlights = true,
                };
                return (Given.Json(query), (index, scope) => PagesAsync(index, scope, query));
        }
    }

    private static ImmutableArray<QueryFilter> Filters(RandomCatalog random) =>
        random.Pick<ImmutableArray<QueryFilter>>(
        [
            [],
            [],
            [QueryFilter.In("brand", "acme", "BOLT")],
            [QueryFilter.Range("price", 20, 150.5m)],
            [QueryFilter.Range("memory", -4, 16)],
            [QueryFilter.Exists("colour"), QueryFilter.Range("rating", 1.5m, null)],
            [QueryFilter.In("category", "electronics > audio/video", "home")],
            [QueryFilter.In("memory", "16 gb", "n/a")],
        ]);

    /// <summary>All pages: what does not depend on the order by relevance, and the order where it is another one.</summary>
    private static async Task<string> PagesAsync(ICatalogIndex index, AccessScope scope, ProductQuery query)
    {
        var first = await index.SearchAsync(scope, query, default);
        var hits = new List<string>();
        for (var page = first; ;)
        {
            hits.AddRange(page.Hits.Select(h => Given.Json(h with { Score = 0 })));
            if (page.NextCursor is not { } cursor)
            {
                break;
            }

            page = await index.SearchAsync(scope, query with { Cursor = cursor }, default);
            Assert.Equal(Given.Json(first.Facets), Given.Json(page.Facets));
            Assert.Equal((first.Total, first.CorrectedText, first.Degraded), (page.Total, page.CorrectedText, page.Degraded));
        }

        if (query.Sort == ProductSort.Relevance && query.Text.Length > 0)
        {
            hits.Sort(StringComparer.Ordinal);
        }

        return Given.Json(first with { Hits = [], NextCursor = null, Generation = 0 }) + string.Join('\n', hits);
    }

    private static async Task<List<string>> IdsAsync(ICatalogIndex index, AccessScope scope, ProductQuery query)
    {
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await index.SearchAsync(scope, query with { Cursor = cursor }, default);
            ids.AddRange(page.Hits.Select(h => h.Id));
            cursor = page.NextCursor;
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }
}
