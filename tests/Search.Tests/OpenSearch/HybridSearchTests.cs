using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Tests.Embedded.Support;
using AiPlatform.Tests.OpenSearch;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

/// <summary>The vector leg on a real node: it adds what is visible and passes the filters, as in the embedded engine, and its loss costs nothing but itself.</summary>
[Collection(OpenSearchNode.Collection)]
public sealed class HybridSearchTests(OpenSearchNode node)
{
    private static readonly HashEmbedder Embedder = new();

    private static CatalogBuildRequest Request => TestEngine.Request(model: Embedder.ModelId, dimensions: Embedder.Dimensions);

    [SkippableFact]
    public async Task EveryMode_RandomScopesAndFilters_ShowsWhatTheEmbeddedEngineShows()
    {
        Skip.If(node.Missing is not null, node.Missing);
        var shown = 0;
        for (var round = 0; round < 6; round++)
        {
            var random = new RandomCatalog(Seed.Random(95_000 + round));
            var products = random.Products(90);
            await using var engine = Engine(Embedder);
            using var embedded = new TestEngine(configure: o => o.Ranking.MinCosine = -1, embedders: Embedder);
            await BuildAsync(engine.Store, products);
            await BuildAsync(embedded.Catalog, products);
            for (var caller = 0; caller < 3; caller++)
            {
                var scope = Given.Scope(random.Policy(), random.Caller());
                var visible = products.Where(p => scope.ProductsIn(Given.Catalog, DateTimeOffset.UtcNow).IsVisible(p)).ToDictionary(p => p.Id);
                foreach (var mode in visible.Count == 0 ? [] : Enum.GetValues<SearchMode>())
                {
                    var query = new ProductQuery { Catalog = Given.Catalog, Text = random.Query(), Mode = mode, PageSize = 9, Filters = random.Chance(50) ? [QueryFilter.In("brand", "acme")] : [] };
                    var where = $"{Seed.Of(round)}, caller {caller}, {Given.Json(query)}";
                    var ids = await AllAsync(engine.Index, scope, query);
                    Assert.True(ids.Count == ids.Distinct().Count(), $"a product twice: {where}");
                    Assert.All(ids, id => Assert.True(visible.ContainsKey(id), $"{id} is hidden: {where}"));
                    Assert.All(ids, id => Assert.True(query.Filters.IsEmpty || Keyword.Normalize(visible[id].Brand) == "acme", $"{id} is filtered: {where}"));
                    Assert.Equal((await AllAsync(embedded.Catalog, scope, query)).Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
                    shown += ids.Count;
                }

                if (visible.Count > 0)
                {
                    var like = await engine.Index.FindSimilarAsync(scope, new SimilarQuery { Catalog = Given.Catalog, Id = visible.Keys.First(), Size = 200 }, default);
                    Assert.Equal(visible.Count - 1, like.Hits.Length);
                    Assert.All(like.Hits, h => Assert.True(visible.ContainsKey(h.Id) && h.Id != visible.Keys.First(), Seed.Of(round)));
                }
            }

            await engine.RemoveAsync();
        }

        Assert.True(shown > 300, $"{shown} shown");
    }

    [SkippableTheory]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(200)]
    public async Task Pages_BehindTheRankedWindow_HoldEveryProductOnce(int pageSize)
    {
        Skip.If(node.Missing is not null, node.Missing);
        await using var engine = Engine(Embedder);
        await BuildAsync(engine.Store, [.. Enumerable.Range(0, 260).Select(i => Given.Product($"p{i:000}", i % 5 == 0 ? "green kettle" : i % 3 == 0 ? "lamp" : "lamp of steel"))]);
        var query = new ProductQuery { Catalog = Given.Catalog, Text = "lamp", PageSize = pageSize, IncludeProducts = false };

        var ids = await AllAsync(engine.Index, Given.Member(), query);

        Assert.Equal(208, (await engine.Index.SearchAsync(Given.Member(), query, default)).Total);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.InRange(ids.Count, 209, 260);
        Assert.Equal(await AllAsync(engine.Index, Given.Member(), query with { PageSize = 200 }), ids);
        await engine.RemoveAsync();
    }

    [SkippableFact]
    public async Task Embedder_FailingOrOfTheWrongLengthOrAbsent_WordsAnswerAndSaySo()
    {
        Skip.If(node.Missing is not null, node.Missing);
        await using var engine = Engine(Embedder);
        await BuildAsync(engine.Store, [Given.Product("a", "red lamp"), Given.Product("b", "kettle")]);
        var query = new ProductQuery { Catalog = Given.Catalog, Text = "lamp" };
        Assert.Null((await engine.Index.SearchAsync(Given.Member(), query, default)).Degraded);
        foreach (var (other, code) in new (IQueryEmbedderSource, string)[]
        {
            (new Broken(() => throw new HttpRequestException("the model is away")), "vector_leg_unavailable"),
            (new Broken(() => new float[3]), "vector_leg_unavailable"),
            (new QueryEmbedders([]), "embedding_model_not_configured"),
        })
        {
            await using var worse = new OpenSearchEngine(engine.Options, more: s => s.AddSingleton(other));
            var page = await worse.Index.SearchAsync(Given.Member(), query, default);
            Assert.Equal((code, "a", 1), (page.Degraded, Assert.Single(page.Hits).Id, page.Total));
        }

        await engine.RemoveAsync();
    }

    private OpenSearchEngine Engine(IQueryEmbedderSource embedders)
    {
        var options = node.Options(OpenSearchNode.NewPrefix());

        // Random vectors are near to nothing: without the floor the vector leg has something to show.
        options.Ranking.MinCosine = -1;
        return new OpenSearchEngine(options, more: s => s.AddSingleton(embedders));
    }

    private static async Task BuildAsync(ICatalogStore store, IReadOnlyCollection<Product> products)
    {
        await using var build = await store.BeginBuildAsync(Given.System, Request, default);
        foreach (var product in products)
        {
            await build.PutAsync(Given.Indexed(product, Embedder.Vector(Embedder.TextOf(product))), default);
        }

        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
    }

    private static async Task<List<string>> AllAsync(ICatalogIndex index, AccessScope scope, ProductQuery query)
    {
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await index.SearchAsync(scope, query with { Cursor = cursor }, default);
            ids.AddRange(page.Hits.Select(h => h.Id));
            cursor = page.NextCursor;
        }

        return ids;
    }

    private sealed class Broken(Func<float[]> answer) : IProductEmbedder, IQueryEmbedderSource
    {
        public string ModelId => Embedder.ModelId;

        public int Dimensions => Embedder.Dimensions;

        public IProductEmbedder? Find(string modelId, Func<string, byte[]?> attachments) => this;

        public string TextOf(Product product) => product.Id;

        public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(new ReadOnlyMemory<float>(answer()));
    }
}
