using System.Text;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Sources;
using AiPlatform.Indexer.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>A source that did not change is not read again, as long as all else is as it was.</summary>
public sealed class UnchangedSourceTests : IAsyncLifetime, IDisposable
{
    private readonly IndexFixture _index = new();
    private FeedServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await FeedServer.StartAsync();
        _server.Content = File.ReadAllBytes(_index.Source(Enumerable.Range(0, 30)));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Reindex_FeedDidNotChange_ReadsNothing()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal((30, 1L, false), (first.Read, first.Generation!.Number, first.Unchanged));
        Assert.Equal((0L, 1L, true, 30, 30), (second.Read, second.Generation!.Number, second.Unchanged, second.Kept, second.Accepted));
        Assert.Equal(2, _server.Requests);
    }

    [Fact]
    public async Task Reindex_SourceCannotBeRemembered_IsNoFailure()
    {
        Directory.CreateDirectory(_index.Data);
        File.WriteAllText(Path.Combine(_index.Data, "sources"), "in the way");
        var first = await RunAsync();
        Assert.Equal((30, 1L), (first.Generation!.Products, await _index.LiveAsync()));
        Assert.Equal(30L, (await RunAsync()).Read);
    }

    [Fact]
    public async Task Reindex_FeedChanged_ReadsIt()
    {
        await RunAsync();
        _server.ETag = "\"v2\"";
        var same = await RunAsync();
        Assert.Equal((30L, true), (same.Read, same.Unchanged));

        // The same rows under another ETag: from now on that one is known.
        Assert.Equal(0, (await RunAsync()).Read);
        _server.ETag = "\"v3\"";
        _server.Content = File.ReadAllBytes(_index.Source(Enumerable.Range(0, 31)));
        Assert.Equal(1, (await RunAsync()).Added);
    }

    [Fact]
    public async Task Reindex_ForcedOrDry_ReadsIt()
    {
        await RunAsync();

        Assert.Equal(30, (await RunAsync(r => r with { Force = true })).Read);
        Assert.Equal(30, (await RunAsync(r => r with { DryRun = true })).Read);
    }

    [Fact]
    public async Task Reindex_OtherMapping_ReadsIt()
    {
        await RunAsync();

        var report = await RunAsync(r => r with { Mapping = _index.Request("x", IndexFixture.Yaml + "\n# another text\n").Mapping });
        Assert.Equal(30, report.Read);
    }

    [Fact]
    public async Task Reindex_OtherEmbedder_ReadsItAndMakesVectorsAnew()
    {
        await RunAsync();

        var report = await RunAsync(provider: new NoEmbedderProvider());
        Assert.Equal((30L, ""), (report.Read, report.Generation!.EmbeddingModel));
    }

    [Fact]
    public async Task Reindex_AfterARollback_ReadsItAgain()
    {
        await RunAsync();
        _server.ETag = "\"v2\"";
        _server.Content = Encoding.UTF8.GetBytes(File.ReadAllText(_index.Source(Enumerable.Range(0, 29))));
        await RunAsync();
        await _index.Engine.RollbackAsync(_index.System, "test", default);
        var report = await RunAsync();

        Assert.Equal((29L, 1, 29), (report.Read, report.Deleted, (await _index.IdsAsync()).Count));
    }

    [Fact]
    public async Task Reindex_Folder_NamesTheFileOfADeadLetterAndIsKnownAgain()
    {
        var folder = Directory.CreateDirectory(_index.Folder["exports"]).FullName;
        File.WriteAllBytes(Path.Combine(folder, "a.jsonl"), _server.Content);
        File.WriteAllText(Path.Combine(folder, "b.jsonl"), "\n{oops\n");
        var request = _index.Request(folder);
        var job = new ReindexJob(_index.Engine, _index.Provider, TimeProvider.System, NullLogger<ReindexJob>.Instance, Tests.Sources.Sources.Opener());
        var first = await job.RunAsync(_index.System, request, null, default);

        Assert.StartsWith("{\"file\":\"b.jsonl\",\"line\":2,", File.ReadAllText(first.DeadLetterPath!), StringComparison.Ordinal);
        Assert.Equal(0, (await job.RunAsync(_index.System, request, null, default)).Read);
    }

    [Fact]
    public async Task Reindex_MemoryDamaged_ReadsIt()
    {
        await RunAsync();
        File.WriteAllText(Path.Combine(_index.Data, "sources", "test.json"), "{oops");

        Assert.Equal(30, (await RunAsync()).Read);
    }

    private Task<ReindexReport> RunAsync(Func<ReindexRequest, ReindexRequest>? change = null, IEmbedderProvider? provider = null)
    {
        var request = _index.Request(_server.Url());
        return new ReindexJob(_index.Engine, provider ?? _index.Provider, TimeProvider.System, NullLogger<ReindexJob>.Instance, Tests.Sources.Sources.Opener())
            .RunAsync(_index.System, change?.Invoke(request) ?? request, null, default);
    }
}
