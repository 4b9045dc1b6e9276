using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>Each was a finding of a review: it failed before its fix.</summary>
public sealed class ReviewFindingsTests
{
    [Fact]
    public async Task Facet_SpellingAfterAnUpdate_DoesNotDependOnWhereProductsLie()
    {
        using var engine = new TestEngine();
        var first = Given.Product("a", "red lamp") with { Brand = "ACME" };
        var second = Given.Product("b", "blue lamp") with { Brand = "Acme" };
        await engine.BuildAsync([first, second]);
        await using (var build = await engine.BeginAsync())
        {
            // The update moves "a" behind "b": the spelling of the facet must not move with it.
            build.Keep("b");
            await build.PutAsync(Given.Indexed(first with { Description = "changed" }), default);
            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        var facets = await engine.Catalog.ListFacetsAsync(Given.System, new FacetQuery { Catalog = Given.Catalog, Facets = [new FacetRequest("brand")] }, default);

        Assert.Equal(new FacetValue("ACME", 2), Assert.Single(facets.Facets[0].Values));
    }

    [Fact]
    public async Task IncrementalBuild_LiveGenerationUnreadable_RefusesInsteadOfLosingIt()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "red lamp"), Given.Product("b", "blue lamp")]);
        engine.Catalog.Dispose();
        var segment = Directory.GetFiles(engine.CatalogFolder, "*.seg").Single();
        await File.WriteAllBytesAsync(segment, [1, 2, 3]);
        using var again = new TestEngine(engine.Folder);

        await using var build = await again.BeginAsync();
        await build.PutAsync(Given.Indexed(Given.Product("c", "green lamp")), default);

        await Assert.ThrowsAsync<InvalidDataException>(async () => await build.FinishAsync(deleteOthers: false, default));
        await build.DisposeAsync();

        // Whoever says before what it is to be is told before anything is read.
        await Assert.ThrowsAsync<InvalidDataException>(async () => await again.BeginAsync(TestEngine.Request() with { Incremental = true }));
    }

    [Fact]
    public async Task AbandonedBuild_ManifestUnreadable_LeavesTheFilesToBeRepaired()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "red lamp")]);
        engine.Catalog.Dispose();
        await File.WriteAllTextAsync(Path.Combine(engine.CatalogFolder, "manifest.json"), "{ cut");
        using var again = new TestEngine(engine.Folder);

        await using (await again.BeginAsync())
        {
        }

        Assert.Single(Directory.GetFiles(engine.CatalogFolder, "*.seg"));
    }

    [Fact]
    public async Task Search_TheSamePhraseManyTimes_IsOnePhrase()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "red lamp"), Given.Product("b", "lamp red")]);

        var page = await engine.SearchAsync(Given.System, string.Concat(Enumerable.Repeat("\"red lamp\" ", 90)));

        Assert.Equal("a", Assert.Single(page.Hits).Id);
    }

    [Fact]
    public async Task Search_MistypedWord_IsCorrectedToAWordAndNotToAStem()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(
        [
            Given.Product("a", "wireless headphones"), Given.Product("b", "wired mouse"), Given.Product("c", "wired keyboard"),
            Given.Product("d", "charger"), Given.Product("e", "kitchen towels"), Given.Product("f", "garden tool"), Given.Product("g", "garden tool set"),
        ]);

        Assert.Equal("wireless", (await engine.SearchAsync(Given.System, "wireles")).CorrectedText);
        Assert.Equal("charger", (await engine.SearchAsync(Given.System, "chargr")).CorrectedText);
        Assert.Equal("towels", (await engine.SearchAsync(Given.System, "towls")).CorrectedText);
    }

    [Fact]
    public async Task Search_ByVectorsAlone_HasNoTotalAndRefusesSortAndFacets()
    {
        var embedder = new HashEmbedder();
        using var engine = new TestEngine(embedders: embedder, configure: o => o.Ranking.MinCosine = -1);
        await engine.BuildAsync([Given.Product("a", "red lamp")], TestEngine.Request(model: embedder.ModelId, dimensions: embedder.Dimensions), p => embedder.Vector(embedder.TextOf(p)));
        var query = new ProductQuery { Catalog = Given.Catalog, Text = "lamp", Mode = SearchMode.Vector };

        var page = await engine.SearchAsync(Given.System, query);

        Assert.Null(page.Total);
        Assert.Single(page.Hits);
        await Assert.ThrowsAsync<CatalogRequestException>(() => engine.SearchAsync(Given.System, query with { Sort = ProductSort.Newest }));
        await Assert.ThrowsAsync<CatalogRequestException>(() => engine.SearchAsync(Given.System, query with { Facets = [new FacetRequest("brand")] }));
    }

    [Fact]
    public async Task Put_IdWithHalfASurrogatePair_IsRefused()
    {
        using var engine = new TestEngine();
        await using var build = await engine.BeginAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await build.PutAsync(Given.Indexed(Given.Product("x\uD800", "lamp")), default));
    }
}
