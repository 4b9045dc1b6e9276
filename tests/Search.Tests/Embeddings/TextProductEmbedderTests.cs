using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embeddings;
using Microsoft.Extensions.AI;
using Xunit;

namespace AiPlatform.Search.Tests.Embeddings;

public sealed class TextProductEmbedderTests
{
    private static readonly Product Product = SampleCatalog.Make(1)[0] with
    {
        Name = "  Acme   Lamp. ",
        Class = "Lamps",
        Brand = "Acme",
        Description = "Warm\n light." + new string('x', 500),
        Specifications = Product.EmptySpecifications.Add("colour", ["Deep  Red"]),
    };

    [Fact]
    public void TextOf_Product_FollowsTheTemplate()
    {
        using var generator = new Letters();
        var text = new TextProductEmbedder(generator, "m", 26).TextOf(Product);

        Assert.StartsWith("Acme Lamp. Lamps. Deep Red. Warm light.xxx", text, StringComparison.Ordinal);
        Assert.Equal("Acme Lamp. Lamps. Deep Red. ".Length + 399, text.Length);
        Assert.Equal("Only", new TextProductEmbedder(generator, "m", 26).TextOf(Product with { Name = "Only.", Class = "", Brand = "", Description = "", Specifications = Product.EmptySpecifications }));
    }

    [Fact]
    public async Task EmbedProducts_MoreThanABatch_KeepsOrderAndBounds()
    {
        using var generator = new Letters();
        var embedder = new TextProductEmbedder(generator, "model-3", 26, new TextProductEmbedderOptions { BatchSize = 10 });
        var products = SampleCatalog.Make(25);
        var vectors = await embedder.EmbedProductsAsync(products, default);

        Assert.Equal([10, 10, 5], generator.Batches);
        Assert.Equal(25, vectors.Count);
        for (var i = 0; i < 25; i++)
        {
            var alone = (await embedder.EmbedProductsAsync([products[i]], default))[0];
            Assert.Equal(alone.ToArray(), vectors[i].ToArray());
            Assert.Equal(1, alone.ToArray().Sum(v => v * v), 4);
        }

        Assert.Equal("model-3/text-1", embedder.ModelId);
    }

    [Fact]
    public async Task EmbedQuery_NothingSaid_GivesNoVector()
    {
        using var generator = new Letters();
        var embedder = new TextProductEmbedder(generator, "m", 26);

        Assert.True((await embedder.EmbedQueryAsync(" ", default)).IsEmpty);
        Assert.True((await embedder.EmbedQueryAsync("123", default)).IsEmpty);
        Assert.Equal(26, (await embedder.EmbedQueryAsync("lamp", default)).Length);
    }

    [Fact]
    public async Task Embed_GeneratorOfAnotherLength_Throws()
    {
        using var generator = new Letters();
        var embedder = new TextProductEmbedder(generator, "m", 12);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await embedder.EmbedQueryAsync("lamp", default));

        Assert.Contains("26 dimensions, not 12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_Cancelled_Throws()
    {
        using var generator = new Letters();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new TextProductEmbedder(generator, "m", 26).EmbedQueryAsync("lamp", new CancellationToken(true)));
    }

    [Fact]
    public void New_BadOptions_Throws()
    {
        using var generator = new Letters();

        Assert.Throws<ArgumentOutOfRangeException>(() => new TextProductEmbedder(generator, "m", 26, new TextProductEmbedderOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextProductEmbedder(generator, "m", 0));
        Assert.Throws<ArgumentException>(() => new TextProductEmbedder(generator, " ", 26));
    }

    [Fact]
    public async Task CatalogGenerator_UnderTheTextEmbedder_EmbedsQueriesAsTheCatalogDoes()
    {
        var products = SampleCatalog.Make(100);
        var catalog = CatalogEmbedderTrainer.Train(products, TextAnalyzers.Get("english"), new CatalogEmbedderOptions(), default);
        using var generator = new CatalogEmbeddingGenerator(catalog);
        var embedder = new TextProductEmbedder(generator, catalog.ModelId, catalog.Dimensions);

        Assert.Equal((await catalog.EmbedQueryAsync("desk lamp", default)).ToArray().Select(v => MathF.Round(v, 4)), (await embedder.EmbedQueryAsync("desk lamp", default)).ToArray().Select(v => MathF.Round(v, 4)));
        Assert.True((await embedder.EmbedQueryAsync("zzz", default)).IsEmpty);
        Assert.Equal(catalog.Dimensions, ((EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!).DefaultModelDimensions);
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["x"], new EmbeddingGenerationOptions { Dimensions = 3 }));
    }

    /// <summary>Counts letters: a real, if simple, generator.</summary>
    private sealed class Letters : IEmbeddingGenerator<string, Embedding<float>>
    {
        public List<int> Batches { get; } = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var texts = values.ToList();
            Batches.Add(texts.Count);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(t => new Embedding<float>(
                Enumerable.Range(0, 26).Select(i => (float)t.Count(c => char.ToLowerInvariant(c) == 'a' + i)).ToArray()))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
