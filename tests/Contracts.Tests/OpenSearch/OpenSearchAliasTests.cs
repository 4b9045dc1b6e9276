using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Contracts.Tests.Catalog;
using AiPlatform.Core.Catalog;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.OpenSearch;

/// <summary>What becomes of a catalog whose alias or index somebody changed by hand.</summary>
[Collection(OpenSearchNode.Collection)]
#pragma warning disable CA1001 // closed by DisposeAsync, which xunit calls through IAsyncLifetime
public sealed class OpenSearchAliasTests(OpenSearchNode node) : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Catalog = "shoes";
    private readonly string _prefix = OpenSearchNode.NewPrefix();
    private OpenSearchEngine? _engine;

    private OpenSearchEngine Engine
    {
        get
        {
            Skip.If(node.Missing is not null, node.Missing);
            return _engine ??= new OpenSearchEngine(node.Options(_prefix));
        }
    }

    private string Alias => $"{_prefix}-{Catalog}";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.RemoveAsync();
            await _engine.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Alias_MovedByHandToThePreviousGeneration_MakesItLive()
    {
        await BuildAsync(Catalog, 0, 5);
        await BuildAsync(Catalog, 10, 17);
        var (live, previous) = await TwoAsync();
        await ActAsync(Action("remove", live), Action("add", previous));
        Assert.Equal(Ids(0, 5), await SeenAsync());
        Assert.Equal([1L, 2L], await NumbersAsync());
        Assert.Empty(await VerifyAsync());

        // What it holds is what the next build starts from.
        await using (var build = await BeginAsync(Catalog, incremental: true))
        {
            Assert.Equal(5, build.PreviousProducts);
            await PutAsync(build, 5, 6);
            await build.FinishAsync(deleteOthers: false, default);
            await build.CommitAsync(default);
        }

        Assert.Equal(Ids(0, 6), await SeenAsync());
        Assert.Equal([3L, 1L], await NumbersAsync());
    }

    [SkippableFact]
    public async Task Alias_OnALiveAndAnotherIndex_ReadsTheLiveOne_AndTheNextFullBuildPutsItRight()
    {
        await BuildAsync(Catalog, 0, 5);
        await BuildAsync(Catalog, 10, 17);
        var (live, previous) = await TwoAsync();
        await ActAsync(Action("add", previous));
        Assert.Equal(Ids(10, 17), await SeenAsync());
        var problem = Assert.Single(await VerifyAsync());
        Assert.All([live, previous, Alias], name => Assert.Contains(name, problem, StringComparison.Ordinal));

        // Nothing changed in the source, and still there is something to put right.
        await using (var build = await BeginAsync(Catalog))
        {
            Ids(10, 17).ForEach(build.Keep);
            Assert.Null(build.Unchanged);
            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        Assert.Equal(Ids(10, 17), await SeenAsync());
        Assert.Empty(await VerifyAsync());
        Assert.Single(await Engine.States.AliasedAsync(Catalog, default));
    }

    [SkippableFact]
    public async Task Alias_OnTwoUnknownIndexes_IsToldByVerify_AndFailsNoOtherCatalog()
    {
        await BuildAsync(Catalog, 0, 5);
        await BuildAsync("lamps", 0, 2);
        var live = (await Engine.States.LiveAsync(Catalog, default))!.Index;
        string[] strangers = [$"{Alias}.00000008.98", $"{Alias}.00000009.99"];
        foreach (var stranger in strangers)
        {
            await SendAsync(HttpMethod.Put, $"/{stranger}", "{}");
            await ActAsync(Action("add", stranger));
        }

        await ActAsync(Action("remove", live));
        Assert.Equal(["lamps"], await ListedAsync());
        var problem = Assert.Single(await VerifyAsync());
        Assert.All([.. strangers, Alias], name => Assert.Contains(name, problem, StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => BeginAsync(Catalog, incremental: true));
        Assert.All(strangers, name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
        await BuildAsync(Catalog, 0, 4);
        Assert.Equal(Ids(0, 4), await SeenAsync());
        Assert.Equal([10L], await NumbersAsync());
        Assert.Empty(await VerifyAsync());
        Assert.Single(await Engine.States.AliasedAsync(Catalog, default));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AliasGone_RollbackMakesTheNewestWholeGenerationLive(bool indexToo)
    {
        await BuildAsync(Catalog, 0, 5);
        await BuildAsync(Catalog, 10, 17);
        var (live, _) = await TwoAsync();
        if (indexToo)
        {
            await SendAsync(HttpMethod.Delete, $"/{live}", "");
        }
        else
        {
            await ActAsync(Action("remove", live));
        }

        var problem = Assert.Single(await VerifyAsync());
        Assert.Contains("rollback", problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => BeginAsync(Catalog, incremental: true));
        Assert.Equal(3, (await Engine.Store.RollbackAsync(CatalogScopes.System, Catalog, default)).Number);
        Assert.Equal(indexToo ? Ids(0, 5) : Ids(10, 17), await SeenAsync());
        Assert.Equal(indexToo ? [3L] : [3L, 1L], await NumbersAsync());
        Assert.Empty(await VerifyAsync());
    }

    [SkippableFact]
    public async Task ClosedIndex_IsLeftOutOfTheList_AndFailsNoOtherCatalog()
    {
        await BuildAsync(Catalog, 0, 5);
        await BuildAsync("lamps", 0, 2);
        await SendAsync(HttpMethod.Post, $"/{(await Engine.States.LiveAsync(Catalog, default))!.Index}/_close", "");
        Assert.Equal(["lamps"], await ListedAsync());
    }

    private async Task<(string Live, string Previous)> TwoAsync()
    {
        var generations = (await Engine.States.ReadAsync(Catalog, default)).State.Generations;
        return (generations[0].Index, generations[1].Index);
    }

    private async Task<ICatalogBuild> BeginAsync(string catalog, bool incremental = false) =>
        await Engine.Store.BeginBuildAsync(CatalogScopes.System, new CatalogBuildRequest(catalog, "test", "english", "", 0) { Incremental = incremental }, default);

    private async Task BuildAsync(string catalog, int from, int to)
    {
        await using var build = await BeginAsync(catalog);
        await PutAsync(build, from, to);
        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
    }

    private static async Task PutAsync(ICatalogBuild build, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            await build.PutAsync(new IndexedProduct(CatalogProducts.Plain($"p{i}", $"lamp {i}"), new ContentHash(1, (ulong)i), default, default, i), default);
        }
    }

    private static List<string> Ids(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => $"p{i}").Order(StringComparer.Ordinal)];

    private async Task<List<string>> SeenAsync()
    {
        var page = await Engine.Index.SearchAsync(CatalogScopes.System, new ProductQuery { Catalog = Catalog, PageSize = CatalogLimits.PageSize }, default);
        return [.. page.Hits.Select(h => h.Id).Order(StringComparer.Ordinal)];
    }

    private async Task<IEnumerable<string>> ListedAsync() => (await Engine.Index.ListCatalogsAsync(CatalogScopes.System, default)).Select(c => c.Name);

    private async Task<IEnumerable<long>> NumbersAsync() => (await Engine.Store.ListGenerationsAsync(CatalogScopes.System, Catalog, default)).Select(g => g.Number);

    private ValueTask<IReadOnlyList<string>> VerifyAsync() => Engine.Store.VerifyAsync(CatalogScopes.System, Catalog, default);

    private JsonObject Action(string verb, string index) => new() { [verb] = new JsonObject { ["index"] = index, ["alias"] = Alias } };

    private Task ActAsync(params JsonObject[] actions) => SendAsync(HttpMethod.Post, "/_aliases", new JsonObject { ["actions"] = new JsonArray([.. actions]) }.ToJsonString());

    private async Task SendAsync(HttpMethod method, string path, string body)
    {
        using var _ = await Engine.Connection.SendAsync(method, path, Encoding.UTF8.GetBytes(body), idempotent: false, default);
    }
}
