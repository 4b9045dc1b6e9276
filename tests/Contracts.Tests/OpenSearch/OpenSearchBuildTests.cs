using System.Text;
using AiPlatform.Contracts.Tests.Catalog;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.OpenSearch;

/// <summary>What only a cluster can do to a build: another worker, a move of the alias by hand, a crash between two writes.</summary>
[Collection(OpenSearchNode.Collection)]
public sealed class OpenSearchBuildTests(OpenSearchNode node) : IAsyncLifetime
{
    private const string Catalog = "shoes";
    private const string Key = "the same source";
    private readonly string _prefix = OpenSearchNode.NewPrefix();
    private readonly List<OpenSearchEngine> _engines = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_engines.Count > 0)
        {
            await _engines[0].RemoveAsync();
        }

        foreach (var engine in _engines)
        {
            await engine.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Worker_ThatWasTakenOver_CanNeitherWriteNorSwap()
    {
        var (paused, next) = (Open(), Open(later: TimeSpan.FromHours(3)));
        await using var old = await BeginAsync(paused);
        await PutAsync(old, 0, 30);
        await Assert.ThrowsAsync<CatalogBusyException>(() => BeginAsync(paused));
        await using var build = await BeginAsync(next);
        await PutAsync(build, 100, 110);

        // It does not know yet: the cluster tells it, with the first bulk.
        await Assert.ThrowsAsync<CatalogBusyException>(async () =>
        {
            await PutAsync(old, 30, 60);
            await old.FinishAsync(deleteOthers: true, default);
        });
        await build.FinishAsync(deleteOthers: true, default);
        Assert.Equal(10, (await build.CommitAsync(default)).Products);
        Assert.Equal(Ids(100, 110), await SeenAsync(next));
        Assert.Empty(await next.Store.VerifyAsync(CatalogScopes.System, Catalog, default));
    }

    [SkippableFact]
    public async Task Worker_ThatWasTakenOverWhenItHadFinished_CannotSwap()
    {
        var (paused, next) = (Open(), Open(later: TimeSpan.FromHours(3)));
        await BuildAsync(paused, 0, 5);
        await using var old = await BeginAsync(paused);
        await PutAsync(old, 50, 60);
        await old.FinishAsync(deleteOthers: true, default);
        await using (var build = await BeginAsync(next))
        {
            await Assert.ThrowsAsync<CatalogBusyException>(() => old.CommitAsync(default).AsTask());
        }

        Assert.Equal(Ids(0, 5), await SeenAsync(next));
    }

    [SkippableFact]
    public async Task Worker_ThatWasKilled_IsContinuedFromItsCheckpoint_WithoutWhatItWroteAfterwards()
    {
        var (killed, next) = (Open(), Open(later: TimeSpan.FromHours(3)));
        await BuildAsync(killed, 0, 20);
        var old = await BeginAsync(killed);
        Assert.Equal(0, await old.ResumeAsync(Key, default));
        old.Keep("p0");
        await PutAsync(old, 10, 40);
        await old.CheckpointAsync(30, default);
        await PutAsync(old, 900, 930);

        await using var build = await BeginAsync(next);
        Assert.Equal(30, await build.ResumeAsync(Key, default));

        // It was only paused, and both know the same index.
        await Assert.ThrowsAsync<CatalogBusyException>(() => PutAsync(old, 930, 960));
        await PutAsync(build, 40, 50);
        var report = await build.FinishAsync(deleteOthers: true, default);
        Assert.Equal((41, 30, 10, 1, 9), (report.Products, report.Added, report.Updated, report.Kept, report.Deleted));
        await build.CommitAsync(default);
        Assert.Equal([.. Ids(10, 50).Append("p0").Order(StringComparer.Ordinal)], await SeenAsync(next));
        Assert.Empty(await next.Store.VerifyAsync(CatalogScopes.System, Catalog, default));
        await old.DisposeAsync();
    }

    [SkippableFact]
    public async Task Kept_IsNotSentAgain_AndWhatNoGenerationNeedsGoes()
    {
        var engine = Open();
        await BuildAsync(engine, 0, 50);
        await using (var build = await BeginAsync(engine))
        {
            for (var i = 0; i < 49; i++)
            {
                build.Keep($"p{i}");
            }

            Assert.Null(build.Unchanged);
            await PutAsync(build, 50, 52);
            var report = await build.FinishAsync(deleteOthers: true, default);
            Assert.Equal((51, 2, 0, 49, 1), (report.Products, report.Added, report.Updated, report.Kept, report.Deleted));
            await build.CommitAsync(default);
        }

        var live = (await engine.States.LiveAsync(Catalog, default))!;
        using (var stats = await engine.Connection.SendAsync(OpenSearchRequest.Get($"/{live.Index}/_stats/indexing"), default))
        {
            Assert.Equal(2, stats.Root.GetProperty("_all").GetProperty("primaries").GetProperty("indexing").GetProperty("index_total").GetInt32());
        }

        await BuildAsync(engine, 0, 3);
        Assert.Equal(3, (await engine.IndexesAsync()).Count);
        Assert.Equal([3L, 2L], (await engine.Store.ListGenerationsAsync(CatalogScopes.System, Catalog, default)).Select(g => g.Number));
    }

    [SkippableFact]
    public async Task LiveGeneration_CannotBeWrittenTo()
    {
        var engine = Open();
        await BuildAsync(engine, 0, 3);
        var refused = await Assert.ThrowsAsync<OpenSearchException>(() => engine.Connection.SendAsync(HttpMethod.Put, $"/{_prefix}-{Catalog}/_doc/x", "{}"u8.ToArray(), idempotent: false, default).AsTask());
        Assert.Equal(OpenSearchErrors.Blocked, refused.Code);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Crash_BeforeOrAfterTheAliasMoved_LeavesOneWholeGeneration(bool moved)
    {
        var engine = Open();
        await BuildAsync(engine, 0, 5);
        await BuildAsync(engine, 10, 17);
        var resolved = await engine.States.ReadAsync(Catalog, default);
        var (live, before) = (resolved.State.Generations[0], resolved.State.Generations[1]);

        // As a crash leaves it: announced, moved or not, and not settled.
        var crashed = moved ? new CatalogState(2, [before], live) : new CatalogState(3, [live, before], live with { Info = live.Info with { Number = 3 }, Index = "never-made" });
        Assert.NotNull(await engine.States.WriteAsync(Catalog, crashed, resolved.Stored, default));
        Assert.Equal(Ids(10, 17), await SeenAsync(engine));
        Assert.Equal([2L, 1L], (await engine.Store.ListGenerationsAsync(CatalogScopes.System, Catalog, default)).Select(g => g.Number));
        Assert.Empty(await engine.Store.VerifyAsync(CatalogScopes.System, Catalog, default));
        await BuildAsync(engine, 20, 23);
        Assert.Equal(Ids(20, 23), await SeenAsync(engine));
        Assert.Equal([3L, 2L], (await engine.Store.ListGenerationsAsync(CatalogScopes.System, Catalog, default)).Select(g => g.Number));
    }

    [SkippableFact]
    public async Task Alias_MovedByHand_IsTold_AndAFullBuildPutsItRight()
    {
        var engine = Open();
        await BuildAsync(engine, 0, 5);
        var index = (await engine.States.LiveAsync(Catalog, default))!.Index;
        await SendAsync(engine, HttpMethod.Put, $"/{_prefix}-{Catalog}.00000009.99", "{}");
        await SendAsync(engine, HttpMethod.Post, "/_aliases", $$$"""{"actions":[{"remove":{"index":"{{{index}}}","alias":"{{{_prefix}}}-{{{Catalog}}}"}},{"add":{"index":"{{{_prefix}}}-{{{Catalog}}}.00000009.99","alias":"{{{_prefix}}}-{{{Catalog}}}"}}]}""");
        Assert.Contains("the state does not know", Assert.Single(await engine.Store.VerifyAsync(CatalogScopes.System, Catalog, default)), StringComparison.Ordinal);
        await using (var incremental = await BeginAsync(engine))
        {
            await PutAsync(incremental, 0, 1);
            await Assert.ThrowsAsync<InvalidDataException>(() => incremental.FinishAsync(deleteOthers: false, default).AsTask());
        }

        await BuildAsync(engine, 0, 4);
        Assert.Equal(10, (await engine.Store.ListGenerationsAsync(CatalogScopes.System, Catalog, default))[0].Number);
        Assert.Equal(Ids(0, 4), await SeenAsync(engine));
    }

    [SkippableFact]
    public async Task Verify_FindsWhatWasChangedBehindTheBack()
    {
        var engine = Open();
        await BuildAsync(engine, 0, 5);
        var index = (await engine.States.LiveAsync(Catalog, default))!.Index;
        await SendAsync(engine, HttpMethod.Put, $"/{index}/_settings", """{"index":{"blocks":{"write":null}}}""");
        await SendAsync(engine, HttpMethod.Post, $"/{index}/_update/p1?refresh=true", """{"doc":{"version":77}}""");
        await SendAsync(engine, HttpMethod.Put, $"/{index}/_mapping", """{"properties":{"surprise":{"type":"keyword"}}}""");
        var problems = await engine.Store.VerifyAsync(CatalogScopes.System, Catalog, default);
        Assert.Equal(2, problems.Count);
        await SendAsync(engine, HttpMethod.Delete, $"/{index}/_doc/p2?refresh=true", "");
        Assert.Equal(3, (await engine.Store.VerifyAsync(CatalogScopes.System, Catalog, default)).Count);
    }

    private static async Task SendAsync(OpenSearchEngine engine, HttpMethod method, string path, string body)
    {
        using var _ = await engine.Connection.SendAsync(method, path, Encoding.UTF8.GetBytes(body), idempotent: false, default);
    }

    private static List<string> Ids(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => $"p{i}").Order(StringComparer.Ordinal)];

    private static async Task<ICatalogBuild> BeginAsync(OpenSearchEngine engine) =>
        await engine.Store.BeginBuildAsync(CatalogScopes.System, new CatalogBuildRequest(Catalog, "test", "english", "", 0), default);

    private static async Task PutAsync(ICatalogBuild build, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            await build.PutAsync(new IndexedProduct(CatalogProducts.Plain($"p{i}", $"lamp {i}"), new ContentHash(1, (ulong)i), default, default, i), default);
        }
    }

    private static async Task BuildAsync(OpenSearchEngine engine, int from, int to)
    {
        await using var build = await BeginAsync(engine);
        await PutAsync(build, from, to);
        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
    }

    private static async Task<List<string>> SeenAsync(OpenSearchEngine engine)
    {
        var page = await engine.Index.SearchAsync(CatalogScopes.System, new ProductQuery { Catalog = Catalog, PageSize = CatalogLimits.PageSize }, default);
        Assert.Equal(page.Total, page.Hits.Length);
        return [.. page.Hits.Select(h => h.Id).Order(StringComparer.Ordinal)];
    }

    private OpenSearchEngine Open(TimeSpan later = default)
    {
        Skip.If(node.Missing is not null, node.Missing);
        var options = node.Options(_prefix);
        (options.BulkProducts, options.LeaseSeconds) = (5, 3_600);
        _engines.Add(new OpenSearchEngine(options, new ShiftedTime(later)));
        return _engines[^1];
    }
}
