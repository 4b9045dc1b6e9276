using System.Numerics.Tensors;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embeddings;
using Xunit;

namespace AiPlatform.Search.Tests.Embeddings;

public sealed class CatalogEmbedderTests
{
    private static readonly ITextAnalyzer Analyzer = TextAnalyzers.Get(TextAnalyzers.English);
    private static readonly List<Product> Products = SampleCatalog.Make(400);
    private static readonly CatalogEmbedder Embedder = Train(Products);

    [Fact]
    public async Task EmbedProducts_SameKind_IsNearerThanAnother()
    {
        var vectors = await Embedder.EmbedProductsAsync(Products, default);

        var (same, other) = (new List<float>(), new List<float>());
        for (var i = 0; i < 100; i++)
        {
            for (var j = i + 1; j < 100; j++)
            {
                (SampleCatalog.KindOf(Products[i]) == SampleCatalog.KindOf(Products[j]) ? same : other).Add(TensorPrimitives.Dot(vectors[i].Span, vectors[j].Span));
            }
        }

        Assert.True(same.Average() > .2f && same.Average() > 3 * other.Average(), $"{same.Average()} against {other.Average()}");
        Assert.All(vectors, v => Assert.Equal(1, TensorPrimitives.Norm(v.Span), 4));
        Assert.All(vectors, v => Assert.Equal(Embedder.Dimensions, v.Length));
    }

    [Theory]
    [InlineData("earbuds for my ears", "Headphones")]
    [InlineData("marathon sneakers", "Shoes")]
    [InlineData("Frying", "Cookware")]
    public async Task EmbedQuery_KnownWords_FindsTheirKind(string query, string kind)
    {
        var vectors = await Embedder.EmbedProductsAsync(Products, default);
        var vector = await Embedder.EmbedQueryAsync(query, default);
        var nearest = Enumerable.Range(0, Products.Count).OrderByDescending(i => TensorPrimitives.Dot(vectors[i].Span, vector.Span)).Take(20);

        Assert.All(nearest, i => Assert.Equal(kind, Products[i].Class));
    }

    [Theory]
    [InlineData("")]
    [InlineData("xylophone zzz")]
    [InlineData("the of")]
    public async Task Embed_NoKnownWord_GivesNoVector(string text)
    {
        Assert.True((await Embedder.EmbedQueryAsync(text, default)).IsEmpty);
        Assert.True((await Embedder.EmbedProductsAsync([Products[0] with { Name = text, Class = "", Brand = "", Description = "", CategoryPath = [], Specifications = Product.EmptySpecifications }], default))[0].IsEmpty);
    }

    [Fact]
    public void TryEmbedQuery_WarmedUp_AllocatesNothing()
    {
        var vector = new float[Embedder.Dimensions];
        Embedder.TryEmbedQuery("wireless headphones black", vector);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var known = Embedder.TryEmbedQuery("wireless headphones black", vector);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(known);
    }

    [Fact]
    public async Task TryEmbedQuery_Tokens_EqualsText()
    {
        var tokens = new List<TextToken>();
        Analyzer.Analyze("Running shoes, running", tokens);
        var vector = new float[Embedder.Dimensions];

        Assert.True(Embedder.TryEmbedQuery(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens), vector));
        Assert.Equal((await Embedder.EmbedQueryAsync("Running shoes, running", default)).ToArray(), vector);
        Assert.Throws<ArgumentException>(() => Embedder.TryEmbedQuery("x", new float[3]));
    }

    [Fact]
    public void Train_HiddenProductsBeside_GivesTheSameBytes()
    {
        var hidden = SampleCatalog.Make(300, seed: 9)
            .Select((p, i) => SampleCatalog.Hidden(p with { Id = $"h{i}", Name = p.Name + " secretword" }, i % 4));
        var mixed = Products.Concat(hidden).OrderBy(p => CatalogEmbedder.HashId(p.Id + "x")).ToList();
        var other = Train(mixed);

        Assert.Equal(Embedder.Save(), other.Save());
        Assert.Equal(Embedder.ModelId, other.ModelId);
        Assert.DoesNotContain(mixed.Where(p => !p.IsVisibleToEveryone), p => other.TrainingProducts.Contains(CatalogEmbedder.HashId(p.Id)));
    }

    [Fact]
    public void Train_OtherPublicProducts_GivesAnotherModel() => Assert.NotEqual(Embedder.ModelId, Train(Products.Skip(1)).ModelId);

    [Fact]
    public void Train_MoreThanTheBound_LearnsFromASampleThatDoesNotDependOnOrder()
    {
        var options = new CatalogEmbedderOptions { MaxTrainingProducts = 150, MaxTerms = 20 };
        var first = CatalogEmbedderTrainer.Train(Products, Analyzer, options, default);
        var second = CatalogEmbedderTrainer.Train(Products.AsEnumerable().Reverse(), Analyzer, options, default);

        Assert.Equal(150, first.TrainingProducts.Length);
        Assert.Equal(20, first.TermCount);
        Assert.Equal(400, first.PublicProducts);
        Assert.Equal(first.Save(), second.Save());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public async Task Train_SmallCatalog_Works(int count)
    {
        var products = SampleCatalog.Make(count);
        var embedder = Train(products);
        var vectors = await embedder.EmbedProductsAsync(products, default);
        var loaded = CatalogEmbedder.Load(embedder.Save(), Analyzer);

        Assert.Equal(count, vectors.Count);
        Assert.All(vectors, v => Assert.True(v.IsEmpty || v.Length == embedder.Dimensions));
        Assert.All(vectors, v => Assert.All(v.ToArray(), f => Assert.True(float.IsFinite(f))));
        Assert.Equal(embedder.ModelId, loaded.ModelId);
        Assert.True(count < 7 || vectors.All(v => !v.IsEmpty));
    }

    [Fact]
    public void Train_ReportsProgressAndStopsWhenAsked()
    {
        var seen = new List<double>();
        CatalogEmbedderTrainer.Train(Products, Analyzer, new CatalogEmbedderOptions(), default, new Recorder(seen));
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1, seen[^1]);
        Assert.ThrowsAny<OperationCanceledException>(() => CatalogEmbedderTrainer.Train(Products, Analyzer, new CatalogEmbedderOptions(), source.Token));
    }

    [Fact]
    public void Train_BadOptions_NamesAllOfThem()
    {
        var options = new CatalogEmbedderOptions { Dimensions = 0, Weights = new FieldWeights { Brand = float.NaN } };
        var error = Assert.Throws<ArgumentException>(() => CatalogEmbedderTrainer.Train(Products, Analyzer, options, default)).Message;

        Assert.Contains("Dimensions", error, StringComparison.Ordinal);
        Assert.Contains("Weights.Brand", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_SavedModel_EmbedsTheSame()
    {
        var loaded = CatalogEmbedder.Load(Embedder.Save(), Analyzer);

        Assert.Equal(Embedder.ModelId, loaded.ModelId);
        Assert.StartsWith("catalog-", loaded.ModelId, StringComparison.Ordinal);
        Assert.Equal((await Embedder.EmbedProductsAsync(Products, default)).Select(v => v.ToArray()), (await loaded.EmbedProductsAsync(Products, default)).Select(v => v.ToArray()));
        Assert.Equal(Embedder.TrainingProducts.ToArray(), loaded.TrainingProducts.ToArray());
        Assert.Equal(Embedder.ClusterCount, loaded.ClusterCount);
    }

    [Fact]
    public void Load_DamagedBytes_ThrowsClearly()
    {
        var bytes = Embedder.Save();
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<CatalogModelException>(() => CatalogEmbedder.Load(damaged, Analyzer));
            Assert.Throws<CatalogModelException>(() => CatalogEmbedder.Load(bytes.AsMemory(0, random.Next(bytes.Length)), Analyzer));
        }

        Assert.Equal("model_damaged", Assert.Throws<CatalogModelException>(() => CatalogEmbedder.Load(ReadOnlyMemory<byte>.Empty, Analyzer)).Code);
        Assert.Equal("model_analyzer", Assert.Throws<CatalogModelException>(() => CatalogEmbedder.Load(bytes, TextAnalyzers.Get("plain"))).Code);
        bytes[4]++;
        Assert.Equal("model_version", Assert.Throws<CatalogModelException>(() => CatalogEmbedder.Load(bytes, Analyzer)).Code);
    }

    [Fact]
    public async Task ClusterOf_Products_SeparatesKinds()
    {
        var vectors = await Embedder.EmbedProductsAsync(Products, default);
        var clusters = vectors.Select(v => Embedder.ClusterOf(v.Span)).ToArray();

        Assert.InRange(Embedder.ClusterCount, 8, 40);
        Assert.All(clusters, c => Assert.InRange(c, 0, Embedder.ClusterCount - 1));
        var pure = Products.Zip(clusters).GroupBy(p => p.Second).Sum(g => g.GroupBy(p => p.First.Class).Max(k => k.Count()));
        Assert.True(pure > .95 * Products.Count, $"{pure} of {Products.Count} are with their kind");
        Assert.Equal(-1, Embedder.ClusterOf([]));
        Assert.Equal(-1, Embedder.ClusterOf(new float[Embedder.Dimensions]));
    }

    [Fact]
    public void TextOf_AnyEmbeddedField_ChangesIt()
    {
        var product = Products[0];
        Product[] changed =
        [
            product with { Name = "x" }, product with { Class = "x" }, product with { Brand = "x" }, product with { Description = "x" }, product with { CategoryPath = ["x"] },
            product with { Specifications = Product.EmptySpecifications.Add("a", ["x"]) },
        ];

        Assert.All(changed, c => Assert.NotEqual(Embedder.TextOf(product), Embedder.TextOf(c)));
        Assert.Equal(Embedder.TextOf(product), Embedder.TextOf(product with { Price = 5, Rating = 4 }));
    }

    [Theory]
    [InlineData("Laptop, 15 inch", "Laptop")]
    [InlineData("T-Shirt (blue)", "T-Shirt ")]
    [InlineData("Pan - steel", "Pan ")]
    [InlineData("Plain name", "Plain name")]
    [InlineData(",", ",")]
    public void HeadLength_Name_EndsAtTheFirstSeparator(string name, string head) => Assert.Equal(head, name[..ProductTerms.HeadLength(name)]);

    private static CatalogEmbedder Train(IEnumerable<Product> products) => CatalogEmbedderTrainer.Train(products, Analyzer, new CatalogEmbedderOptions(), default);

    private sealed class Recorder(List<double> seen) : IProgress<double>
    {
        public void Report(double value) => seen.Add(value);
    }
}
