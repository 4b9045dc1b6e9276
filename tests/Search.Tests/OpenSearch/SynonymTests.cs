using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

/// <summary>What docs/opensearch.md says of synonyms, the one difference of the two engines in what a query finds: on a real node, beside the embedded engine.</summary>
[Collection(OpenSearchNode.Collection)]
public sealed class SynonymTests(OpenSearchNode node) : IAsyncLifetime, IDisposable
{
    private static readonly Product[] Products =
    [
        Given.Product("p1", "blue hoover"), Given.Product("p2", "red vacuum"), Given.Hidden("p3", "green vacuum"), Given.Product("p4", "laptop sleeve"), Given.Product("p5", "desk lamp"),
    ];

    private readonly TestEngine _embedded = new();
    private OpenSearchEngine? _cluster;

    public async Task InitializeAsync()
    {
        await _embedded.BuildAsync(Products);
        if (node.Missing is null)
        {
            _cluster = new OpenSearchEngine(node.Options(OpenSearchNode.NewPrefix()));
            await using var build = await _cluster.Store.BeginBuildAsync(Given.System, TestEngine.Request(), default);
            foreach (var product in Products)
            {
                await build.PutAsync(Given.Indexed(product), default);
            }

            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.RemoveAsync();
            await _cluster.DisposeAsync();
        }
    }

    public void Dispose() => _embedded.Dispose();

    [SkippableTheory]
    [InlineData("hoover", "p1", "p1 p2")]
    [InlineData("hoovers", "p1", "p1 p2")]
    [InlineData("vacuum", "p2", "p1 p2")]
    [InlineData("\"blue hoover\"", "p1", "p1")]
    [InlineData("lamp", "p5", "p5")]
    public async Task Search_WordWithSynonym_FindsItsGroupInTheClusterOnly(string text, string embedded, string cluster)
    {
        Skip.If(node.Missing is not null, node.Missing);

        Assert.Equal((embedded, cluster), (await IdsAsync(_embedded.Catalog, text), await IdsAsync(_cluster!.Index, text)));
    }

    /// <summary>A word that nothing has, and whose synonym something has, is known to the cluster and not corrected there.</summary>
    [SkippableFact]
    public async Task Search_WordThatOnlyItsSynonymHas_IsFoundInTheClusterOnly()
    {
        Skip.If(node.Missing is not null, node.Missing);

        Assert.Equal(("", "p4"), (await IdsAsync(_embedded.Catalog, "notebook"), await IdsAsync(_cluster!.Index, "notebook")));
    }

    [SkippableFact]
    public async Task Search_WordWithSynonym_HighlightsAndSuggestsWordsAsTheyStand()
    {
        Skip.If(node.Missing is not null, node.Missing);
        var query = new ProductQuery { Catalog = Given.Catalog, Text = "hoover", Mode = SearchMode.Lexical, IncludeHighlights = true };

        var page = await _cluster!.Index.SearchAsync(Given.Member(), query, default);
        Assert.Empty(page.Hits.Single(h => h.Id == "p2").Highlights);
        Assert.NotEmpty(page.Hits.Single(h => h.Id == "p1").Highlights);
        var suggest = new SuggestQuery { Catalog = Given.Catalog, Prefix = "hoov" };
        Assert.Equal(Given.Json(await _embedded.Catalog.SuggestAsync(Given.Member(), suggest, default)), Given.Json(await _cluster.Index.SuggestAsync(Given.Member(), suggest, default)));
    }

    private static async Task<string> IdsAsync(ICatalogIndex index, string text)
    {
        var page = await index.SearchAsync(Given.Member(), new ProductQuery { Catalog = Given.Catalog, Text = text, Mode = SearchMode.Lexical }, default);
        Assert.Equal(page.Hits.Length, page.Total);
        return string.Join(' ', page.Hits.Select(h => h.Id).Order(StringComparer.Ordinal));
    }
}
