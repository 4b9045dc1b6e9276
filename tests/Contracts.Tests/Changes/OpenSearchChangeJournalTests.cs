using AiPlatform.Contracts.Tests.Catalog;
using AiPlatform.Contracts.Tests.OpenSearch;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.OpenSearch.Writing;
using AiPlatform.Tests.OpenSearch;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AiPlatform.Contracts.Tests.Changes;

[Collection(OpenSearchNode.Collection)]
#pragma warning disable CA1001 // closed by DisposeAsync, which xunit calls through IAsyncLifetime
public sealed class OpenSearchChangeJournalTests(OpenSearchNode node) : ChangeJournalContract
#pragma warning restore CA1001
{
    private OpenSearchEngine? _engine;

    private OpenSearchEngine Engine
    {
        get
        {
            Skip.If(node.Missing is not null, node.Missing);
            return _engine ??= new OpenSearchEngine(node.Options(OpenSearchNode.NewPrefix()));
        }
    }

    private string Index => new IndexNames(Engine.Options.IndexPrefix).Changes;

    internal override IChangeJournal Open(long? maxBytes = null) => OpenAt(TimeSpan.Zero, maxBytes);

    public override async Task DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.RemoveAsync();
            await _engine.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task AppliedChanges_LeaveNoPieceBehind()
    {
        var journal = Open();
        await AddAsync(journal, new string('a', 4_000_000), "b");
        await AddAsync(journal, "c");
        Assert.Equal(5, await DocumentsAsync());
        await journal.TrimAsync(CatalogScopes.System, "shoes", (await journal.LastAsync(CatalogScopes.System, "shoes", default))!, default);
        Assert.Equal(1, await DocumentsAsync());
    }

    [SkippableFact]
    public async Task PiecesOfAnAdditionThatBrokeOff_AreRemovedAfterAnHour()
    {
        var journal = Open();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await journal.AppendAsync(CatalogScopes.System, "shoes", Breaking(), default));
        await AddAsync(journal, "a");
        Assert.Equal(4, await DocumentsAsync());
        await AddAsync(OpenAt(TimeSpan.FromMinutes(50)), "b");
        Assert.Equal(5, await DocumentsAsync());
        await AddAsync(OpenAt(TimeSpan.FromMinutes(70)), "c");
        Assert.Equal(4, await DocumentsAsync());
        Assert.Equal(["a", "b", "c"], (await ReadAsync(journal, null)).Select(c => c.Text));

        static IEnumerable<ReadOnlyMemory<byte>> Breaking()
        {
            yield return new byte[4_000_000];
            throw new InvalidOperationException("the disk of the spool");
        }
    }

    [SkippableFact]
    public async Task LostPiece_IsTold_AndNothingBehindItIsRead()
    {
        var journal = Open();
        await AddAsync(journal, "a");
        await AddAsync(journal, "b");
        await AddAsync(journal, "c");
        var second = (await new MetaIndex(Engine.Connection, Index).ReadAsync("head.shoes", StateJson.Default.ChangeLog, default))!.Value.Waiting[1].Id;
        using (var _ = await Engine.Connection.SendAsync(HttpMethod.Delete, $"/{Index}/_doc/{second}.0?refresh=true", default, idempotent: true, default))
        {
        }

        var damaged = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(journal, null));
        Assert.Contains("head.shoes", damaged.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AdditionWhoseAnswerWasLost_IsThereOnce_AlsoWhenItWasAppliedMeanwhile()
    {
        using var handler = new AnswerLoser { InnerHandler = new SocketsHttpHandler() };
        var log = new MetaIndex(Engine.Connection, Index);
        using var connection = new OpenSearchConnection(Engine.Options, handler, null, TimeProvider.System, NullLogger.Instance);
        var losing = new OpenSearchChangeJournal(new MetaIndex(connection, Index), new Outage(Engine.Options, TimeProvider.System, NullLogger.Instance), TimeProvider.System);
        var journal = Open();
        await AddAsync(journal, "first");
        handler.BehindLostHead = async () =>
        {
            await AddAsync(journal, "behind it");
            await journal.TrimAsync(CatalogScopes.System, "shoes", (await journal.LastAsync(CatalogScopes.System, "shoes", default))!, default);
        };
        await AddAsync(losing, "added");
        Assert.True(handler.HasLost);
        Assert.Empty(await ReadAsync(journal, null));
        Assert.Equal(4, (await log.ReadAsync("head.shoes", StateJson.Default.ChangeLog, default))!.Value.Next);
    }

    [SkippableFact]
    public async Task JournalOfManyAdditions_IsFull()
    {
        var journal = Open();
        await AddAsync(journal, "a");
        var log = new MetaIndex(Engine.Connection, Index);
        var head = (await log.ReadAsync("head.shoes", StateJson.Default.ChangeLog, default))!;
        List<ChangeBatch> many = [.. Enumerable.Range(0, ChangeLog.MaxBatches).Select(i => new ChangeBatch($"shoes.1.{i}", i + 1, 1, 1, 5))];
        Assert.NotNull(await log.WriteAsync("head.shoes", "log", "shoes", head.Value with { Waiting = many, Next = many.Count + 1 }, head, StateJson.Default.ChangeLog, default));
        Assert.False(await journal.AppendAsync(CatalogScopes.System, "shoes", [new byte[3]], default));
    }

    private OpenSearchChangeJournal OpenAt(TimeSpan later, long? maxBytes = null)
    {
        var (index, outage) = (new MetaIndex(Engine.Connection, Index), new Outage(Engine.Options, TimeProvider.System, NullLogger.Instance));
        var time = later == TimeSpan.Zero ? TimeProvider.System : new ShiftedTime(later);
        return maxBytes is { } bytes ? new OpenSearchChangeJournal(index, outage, time, bytes) : new OpenSearchChangeJournal(index, outage, time);
    }

    private async Task<int> DocumentsAsync()
    {
        using var refresh = await Engine.Connection.SendAsync(HttpMethod.Post, $"/{Index}/_refresh", default, idempotent: true, default);
        using var answer = await Engine.Connection.SendAsync(OpenSearchRequest.Get($"/{Index}/_count"), default);
        return answer.Root.GetProperty("count").GetInt32();
    }
}
