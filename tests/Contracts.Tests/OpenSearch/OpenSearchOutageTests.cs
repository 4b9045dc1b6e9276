using AiPlatform.Contracts.Tests.Catalog;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.OpenSearch;

/// <summary>A node of its own, because it is overloaded and killed.</summary>
public sealed class OpenSearchOutageTests
{
    [SkippableFact]
    public async Task Node_OverloadedAndKilledWhileABuildWrites_LosesAndDoublesNothing()
    {
        await using var node = await OpenSearchProcess.StartAsync(secure: false, own: true, "indexing_pressure.memory.limit: 200kb");
        Skip.If(node.Missing is not null, node.Missing);
        var options = new OpenSearchOptions { Nodes = [node.Url], IndexPrefix = "t", RequestTimeoutSeconds = 60, ReloadCheckMilliseconds = 0, BulkBytes = 1 << 20 };
        await using var engine = new OpenSearchEngine(options);
        await BuildAsync(engine, 0, 50, _ => Task.CompletedTask);
        var restart = Task.CompletedTask;
        await BuildAsync(engine, 25, 2_000, async i =>
        {
            if (i is 700)
            {
                await node.KillAsync();
                restart = node.RestartAsync();
            }
        });
        await restart;
        var live = (await engine.Store.ListGenerationsAsync(CatalogScopes.System, "shoes", default))[0];
        Assert.Equal((2L, 1_975), (live.Number, live.Products));
        Assert.Empty(await engine.Store.VerifyAsync(CatalogScopes.System, "shoes", default));
        var page = await engine.Index.SearchAsync(CatalogScopes.System, new ProductQuery { Catalog = "shoes" }, default);
        Assert.Equal(1_975, page.Total);
    }

    private static async Task BuildAsync(OpenSearchEngine engine, int from, int to, Func<int, Task> before)
    {
        await using var build = await engine.Store.BeginBuildAsync(CatalogScopes.System, new CatalogBuildRequest("shoes", "test", "english", "", 0), default);
        for (var i = from; i < to; i++)
        {
            await before(i);
            await build.PutAsync(new IndexedProduct(CatalogProducts.Plain($"p{i}", $"lamp {i}"), new ContentHash(1, (ulong)i), default, default, i), default);
        }

        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
    }
}
