using System.Collections.Concurrent;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.OpenSearch.Writing;
using AiPlatform.Search.Tests.OpenSearch.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

/// <summary>Every way a bulk can end, told by a server over real connections.</summary>
#pragma warning disable CA1001 // closed by DisposeAsync, which xunit calls
public sealed class BulkWriterTests : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly StubIndex _index = new();
    private StubCluster _stub = null!;
    private OpenSearchConnection _connection = null!;
    private BuildLease _lease = null!;
    private BulkWriter _writer = null!;
    private BulkPace _pace = null!;

    public async Task InitializeAsync()
    {
        _stub = await StubCluster.StartAsync(_index.AnswerAsync);
        await OpenAsync(_stub.Options());
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _lease.DisposeAsync();
        _connection.Dispose();
        await _stub.DisposeAsync();
    }

    [Fact]
    public async Task Products_AreSentInBoundedBatches_ThroughTheAliasOfTheRun()
    {
        await PutAsync(25);
        Assert.Equal(Expected(25), _index.Written.Keys.Order(StringComparer.Ordinal));
        var bulks = _stub.Requests.Where(r => r.Line.Contains("_bulk", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, bulks.Count);
        Assert.All(bulks, b => Assert.Equal(("POST /t-shoes.run1/_bulk?require_alias=true", "application/x-ndjson"), (b.Line, b.Headers["Content-Type"])));
        Assert.All(bulks, b => Assert.EndsWith("\n", b.Body, StringComparison.Ordinal));
        Assert.Empty(_writer.TakeRefused());
    }

    [Fact]
    public async Task Overload_OfTheWhole_IsWaitedOutInSmallerBatches()
    {
        var sizes = new ConcurrentQueue<int>();
        _index.OnBulk = (_, body) =>
        {
            sizes.Enqueue(StubIndex.Ids(body).Count);
            return StubIndex.Ids(body).Count > 3 ? StubCluster.Says(429, """{"error":{"type":"rejected_execution_exception","reason":"too much"},"status":429}""") : null;
        };
        var before = _pace.Bytes;
        await PutAsync(10);
        Assert.Equal(Expected(10), _index.Written.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([10, 5, 2, 3, 5, 2, 3], sizes);
        Assert.True(_pace.Bytes < before && _pace.Concurrency == 1);
    }

    [Fact]
    public async Task Overload_OfSomeItems_SendsOnlyThoseAgain()
    {
        var first = true;
        var again = new ConcurrentQueue<string>();
        _index.OnBulk = (_, body) =>
        {
            var ids = StubIndex.Ids(body);
            if (!first)
            {
                ids.ForEach(again.Enqueue);
                return null;
            }

            first = false;
            return StubCluster.Says(200, Items(ids, (_, i) => i % 2 == 0 ? (201, null) : (i == 3 ? 503 : 429, "rejected_execution_exception")));
        };
        await PutAsync(10);
        Assert.Equal(["p1", "p3", "p5", "p7", "p9"], again);
        Assert.Empty(_writer.TakeRefused());
    }

    [SkippableTheory]
    [InlineData("2.19.1")]
    [InlineData("3.5.0")]
    public async Task Mixed_AsANodeAnswersIt_RefusesPoisonAndTakesTheRest(string version)
    {
        var transcript = Transcript.Read(version, "12-bulk-mixed");
        _index.OnBulk = (_, _) => transcript.Answer;
        var items = JsonDocument.Parse(transcript.Body).RootElement.GetProperty("items").GetArrayLength();
        await PutAsync(items);
        var refused = _writer.TakeRefused();

        // A late version, a deletion of what is not there and a late write after a deletion are done; the number, the field, the dimension and the zero vector never will be.
        Assert.Equal(["mapper_parsing_exception", "strict_dynamic_mapping_exception", "mapper_parsing_exception", "mapper_parsing_exception"], refused.Select(r => r.Type));
        Assert.Equal([1, 2, 3, 4], refused.Select(r => r.Slot));
        Assert.Contains(refused, r => r.Reason.Contains("dimension mismatch", StringComparison.OrdinalIgnoreCase));
        Assert.Single(_stub.Requests, r => r.Line.Contains("_bulk", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Overload_AsANodeAnswersIt_IsOverload()
    {
        var (whole, items) = (Transcript.Read("2.19.1", "74-bulk-429-indexing-pressure"), Transcript.Read("2.19.1", "75-bulk-429-per-item"));
        var told = new Queue<Transcript>([items, whole]);
        _index.OnBulk = (_, _) => told.TryDequeue(out var next) ? next.Answer : null;
        await PutAsync(2);
        Assert.Empty(told);
        Assert.Empty(_writer.TakeRefused());
    }

    [SkippableTheory]
    [InlineData("15-bulk-no-newline")]
    [InlineData("16-bulk-long-id")]
    public async Task Refusal_OfTheWhole_CostsTheOneProductThatIsToBlame(string name)
    {
        var transcript = Transcript.Read("2.19.1", name);
        Assert.Equal(400, transcript.Status);
        _index.OnBulk = (_, body) => StubIndex.Ids(body).Contains("p6") ? transcript.Answer : null;
        await PutAsync(10);
        Assert.Equal(6, Assert.Single(_writer.TakeRefused()).Slot);
        Assert.Equal(Expected(10).Where(id => id != "p6"), _index.Written.Keys.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task Block_AsOfAFullDisk_IsWaitedForAndThenTold()
    {
        var transcript = Transcript.Read("2.19.1", "69-bulk-blocked");
        var blocked = 2;
        _index.OnBulk = (_, _) => blocked-- > 0 ? transcript.Answer : null;
        await PutAsync(1);
        Assert.Equal(["p0"], _index.Written.Keys);

        await ReopenAsync(o => o.OutageSeconds = 0);
        blocked = int.MaxValue;
        var failure = await Assert.ThrowsAsync<OpenSearchException>(() => PutAsync(1));
        Assert.Equal((OpenSearchErrors.Blocked, "cluster_block_exception"), (failure.Code, failure.Type));
        Assert.Contains("the live index is untouched", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("500")]
    [InlineData("hangs up")]
    [InlineData("late")]
    public async Task Outage_InTheMiddle_IsRiddenOut(string how)
    {
        var left = 5;
        await ReopenAsync(o => (o.WriteTimeoutSeconds, o.MaxRetries, o.BreakerMilliseconds) = (1, 0, 20));
        _index.OnBulk = (context, _) => left-- <= 0 ? null : how switch
        {
            "hangs up" => StubCluster.HangsUp,
            "late" when left == 4 => c => Task.Delay(3_000, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
            "late" => null,
            _ => StubCluster.Says(int.Parse(how), """{"error":{"type":"no_shard_available_action_exception","reason":"starting"},"status":503}"""),
        };
        await PutAsync(10);
        Assert.Equal(Expected(10), _index.Written.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Outage_LongerThanPatience_EndsTheBuildAndSaysHowLong()
    {
        await ReopenAsync(o => (o.OutageSeconds, o.MaxRetries) = (1, 0));
        _index.OnBulk = (_, _) => StubCluster.Says(503, "{}");
        var failure = await Assert.ThrowsAsync<OpenSearchException>(() => PutAsync(1));
        Assert.Equal((OpenSearchErrors.Unavailable, 503), (failure.Code, failure.Status));
        Assert.Contains("OpenSearch:OutageSeconds", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"errors":false,"items":[{"index":{"status":201}}]}""")]
    [InlineData("<html></html>")]
    public async Task Answer_ThatIsNone_EndsTheBuild(string body)
    {
        _index.OnBulk = (_, _) => StubCluster.Says(200, body);
        Assert.Equal(OpenSearchErrors.InvalidAnswer, (await Assert.ThrowsAsync<OpenSearchException>(() => PutAsync(2))).Code);
    }

    [Theory]
    [InlineData(401, OpenSearchErrors.Unauthorized)]
    [InlineData(403, OpenSearchErrors.Forbidden)]
    public async Task MissingRight_OfTheWholeOrAnItem_EndsTheBuildAtOnce(int status, string code)
    {
        _index.OnBulk = (_, _) => StubCluster.Says(status, """{"error":{"type":"security_exception","reason":"no permissions"}}""");
        Assert.Equal(code, (await Assert.ThrowsAsync<OpenSearchException>(() => PutAsync(2))).Code);
        await ReopenAsync(_ => { });
        _index.OnBulk = (_, body) => StubCluster.Says(200, Items(StubIndex.Ids(body), (_, _) => (status, "security_exception")));
        Assert.Equal(code, (await Assert.ThrowsAsync<OpenSearchException>(() => PutAsync(2))).Code);
    }

    [Fact]
    public async Task Alias_ThatIsGone_MeansThatAnotherRunTookOver()
    {
        _index.OnBulk = (_, body) => StubCluster.Says(200, Items(StubIndex.Ids(body), (_, _) => (404, "index_not_found_exception")));
        await Assert.ThrowsAsync<CatalogBusyException>(() => PutAsync(2));
        Assert.Throws<CatalogBusyException>(_lease.Demand);
    }

    [Fact]
    public async Task Lease_ThatSomebodyElseHas_IsBusy()
    {
        await Assert.ThrowsAsync<CatalogBusyException>(() => AcquireAsync("another").AsTask());
        await _lease.DisposeAsync();
        var next = await AcquireAsync("another");
        Assert.Equal(2, next.Run);
        await next.DisposeAsync();
        _lease = await AcquireAsync("a third");
        Assert.Equal(3, _lease.Run);
    }

    [Fact]
    public async Task Lease_WhoseWriteWasDoneButNotWaitedFor_IsNotLost()
    {
        var (held, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        _index.OnDocument = () =>
        {
            held.TrySetResult();
            return release.Task;
        };
        using var stop = new CancellationTokenSource();
        var saving = _lease.SaveAsync(null, stop.Token).AsTask();
        await held.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        _index.OnDocument = null;
        release.SetResult();

        await _lease.SaveAsync(null, default);
        _lease.Demand();
        await _lease.DisposeAsync();
        _lease = await AcquireAsync("another");
        Assert.Equal(2, _lease.Run);
    }

    private static IEnumerable<string> Expected(int count) => Enumerable.Range(0, count).Select(i => $"p{i}").Order(StringComparer.Ordinal);

    private static string Items(List<string> ids, Func<string, int, (int Status, string? Type)> outcome) => JsonSerializer.Serialize(new
    {
        took = 1,
        errors = true,
        items = ids.Select((id, i) => outcome(id, i) is { Type: { } type } failed
            ? (object)new { index = new { _id = id, status = failed.Status, error = new { type, reason = "for a reason" } } }
            : new { index = new { _id = id, status = outcome(id, i).Status } }),
    });

    private async Task PutAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _writer.PutAsync(i, $"p{i}", (uint)i, i + 1, json =>
            {
                json.WriteStartObject();
                json.WriteNumber("n", i);
                json.WriteEndObject();
            }, default);
        }

        await _writer.FlushAsync(default);
    }

    private async Task ReopenAsync(Action<OpenSearchOptions> change)
    {
        await _writer.DisposeAsync();
        await _lease.DisposeAsync();
        _connection.Dispose();
        var options = _stub.Options();
        change(options);
        await OpenAsync(options);
    }

    private async Task OpenAsync(OpenSearchOptions options)
    {
        options.BulkProducts = 10;
        options.BulkConcurrency = 1;
        _connection = _stub.Connect(options);
        _lease = await AcquireAsync("a test");
        _pace = new BulkPace(options, NullLogger.Instance);
        _writer = new BulkWriter(_connection, "t-shoes.run1", _lease, new Outage(options, TimeProvider.System, NullLogger.Instance), _pace, TimeProvider.System);
    }

    private ValueTask<BuildLease> AcquireAsync(string owner) => BuildLease.AcquireAsync(
        "shoes", owner, new MetaIndex(_connection, "t--meta"), _connection.Options, new Outage(_connection.Options, TimeProvider.System, NullLogger.Instance), TimeProvider.System, NullLogger.Instance, default);
}
