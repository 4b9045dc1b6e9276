using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embeddings;
using Xunit;

namespace AiPlatform.Search.Tests.Embeddings;

public sealed class CatalogRetrainCheckTests
{
    private static readonly List<Product> Products = SampleCatalog.Make(200);
    private static readonly CatalogEmbedder Embedder =
        CatalogEmbedderTrainer.Train(Products, TextAnalyzers.Get("english"), new CatalogEmbedderOptions { PowerIterations = 0 }, default);

    [Fact]
    public void MustRetrain_SameProducts_No() => Assert.Equal("", Reason(Products));

    [Fact]
    public void MustRetrain_FewNewOrChangedAndAnyHiddenProducts_No()
    {
        var next = Products.Select((p, i) => i < 20 ? p with { Name = p.Name + " new" } : p)
            .Concat(SampleCatalog.Make(20, 5).Select(p => p with { Id = "n" + p.Id }))
            .Concat(SampleCatalog.Make(500, 6).Select((p, i) => SampleCatalog.Hidden(p with { Id = "h" + p.Id }, i % 4)));

        Assert.Equal("", Reason(next));
    }

    [Fact]
    public void MustRetrain_TrainingProductGone_Yes() => Assert.Contains("1 of 200 training products are gone", Reason(Products.Skip(1)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void MustRetrain_TrainingProductHidden_Yes(int how) =>
        Assert.Contains("no longer visible", Reason(Products.Select((p, i) => i == 7 ? SampleCatalog.Hidden(p, how) : p)), StringComparison.Ordinal);

    [Fact]
    public void MustRetrain_GrownByMoreThanATenth_Yes() =>
        Assert.Contains("from 200 to 221", Reason(Products.Concat(SampleCatalog.Make(21, 5).Select(p => p with { Id = "n" + p.Id }))), StringComparison.Ordinal);

    [Fact]
    public void MustRetrain_ManyChanged_Yes() =>
        Assert.Contains("21 of 200", Reason(Products.Select((p, i) => i < 21 ? p with { Description = "other" } : p)), StringComparison.Ordinal);

    [Fact]
    public void MustRetrain_DuplicatedProduct_DoesNotHideAMissingOne() => Assert.NotEqual("", Reason(Products.Skip(1).Append(Products[5])));

    private static string Reason(IEnumerable<Product> products)
    {
        var check = new CatalogRetrainCheck(Embedder);
        foreach (var product in products)
        {
            check.See(product);
        }

        Assert.Equal(check.MustRetrain(out var reason), reason.Length > 0);
        return reason;
    }
}
