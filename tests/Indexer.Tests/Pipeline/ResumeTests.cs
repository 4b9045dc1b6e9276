using System.Net;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Pipeline;

public sealed class ResumeTests : IDisposable
{
    private readonly IndexFixture _index = new();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Run_AfterOneThatBrokeOff_GoesOnAndEmbedsNothingTwice()
    {
        var request = _index.Request(_index.Source(Enumerable.Range(0, 3_000))) with { CheckpointProducts = 700, EmbeddingConcurrency = 1 };
        var broken = new FixedEmbedders("remote", 8) { Before = call => _ = call == 8 ? throw new InvalidOperationException("broken model") : 0 };
        Assert.Equal("embedding_failed", (await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(request, provider: broken))).Code);
        Assert.Equal(0, await _index.LiveAsync());
        var healthy = new FixedEmbedders("remote", 8);
        var report = await _index.RunAsync(request, provider: healthy);
        Assert.Equal(1_400, report.Resumed);
        Assert.Equal(3_000 - 1_400, report.Put);
        Assert.Equal(3_000, broken.Products + healthy.Products + report.Recovered - (broken.Products - 1_400));
        Assert.Equal(healthy.Products, report.Embedded);
        Assert.Equal(3_000, report.Generation!.Products);
        Assert.Equal(3_000, (await _index.IdsAsync()).Count);
        Assert.Empty(await _index.Engine.VerifyAsync(_index.System, "test", CancellationToken.None));
        Assert.False(File.Exists(Path.Combine(_index.Data, "vectors", "test.cache")));
    }

    [Fact]
    public async Task Run_AnotherSourceOrModelAfterOneThatBrokeOff_BeginsAnew()
    {
        var request = _index.Request(_index.Source(Enumerable.Range(0, 1_000))) with { CheckpointProducts = 300, EmbeddingConcurrency = 1 };
        async Task BreakAsync()
        {
            var broken = new FixedEmbedders("remote", 8) { Before = call => _ = call == 4 ? throw new InvalidOperationException("broken model") : 0 };
            await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(request, provider: broken));
        }

        await BreakAsync();
        var other = await _index.RunAsync(request, provider: new FixedEmbedders("another", 16));
        Assert.Equal((0, 1_000, 16), (other.Resumed, other.Embedded, other.Generation!.Dimensions));
        await BreakAsync();
        var changed = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 1_000).Reverse())), provider: new FixedEmbedders("remote", 8));
        Assert.Equal((0, 1_000), (changed.Resumed, changed.Generation!.Products));
        Assert.True(changed.Recovered > 0);
    }

    [Fact]
    public async Task Run_RefusedByAGate_IsResumedWhenTheGateOpens()
    {
        var request = _index.Request(_index.Source(Enumerable.Range(0, 500))) with { CheckpointProducts = 100 };
        var lying = new FaultyStore(_index.Engine) { Lie = r => r with { Products = 1 } };
        await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(request, lying));
        var report = await _index.RunAsync(request);
        Assert.Equal((500, 0, 0), ((int)report.Resumed, report.Put, report.Embedded));
        Assert.Equal(500, (await _index.IdsAsync()).Count);
        Assert.Null((await _index.Engine.SearchAsync(_index.System, new ProductQuery { Catalog = "test", Text = "kettle" }, CancellationToken.None)).Degraded);
    }

    [Fact]
    public async Task Embedder_Fails_EndsInItsOutcome()
    {
        var source = _index.Source(Enumerable.Range(0, 30));
        foreach (var wrong in new[]
        {
            new FixedEmbedders("remote", 8) { Before = _ => throw new HttpRequestException("no key", null, HttpStatusCode.Unauthorized) },
            new FixedEmbedders("remote", 8) { Before = _ => throw new TaskCanceledException("late") },
            new FixedEmbedders("remote", 8) { Answer = a => [.. a.Skip(1)] },
            new FixedEmbedders("remote", 8) { Answer = a => [.. a.Select(_ => new ReadOnlyMemory<float>(new float[7]))] },
        })
        {
            var thrown = await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(_index.Request(source), provider: wrong));
            Assert.Equal(("embedding_failed", 1), (thrown.Code, wrong.Calls));
        }

        Assert.Equal(0, await _index.LiveAsync());
    }
}
