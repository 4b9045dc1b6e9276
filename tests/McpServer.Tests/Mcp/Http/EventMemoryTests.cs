using System.Net.ServerSentEvents;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Mcp.Http.Events;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>What is kept for clients that lose a stream, and its bounds.</summary>
public sealed class EventMemoryTests
{
    private static readonly SseEventStreamOptions Stream = new() { SessionId = "s", StreamId = "1", Mode = SseEventStreamMode.Streaming };

    [Fact]
    public async Task Session_BeyondItsEvents_LosesItsOldest()
    {
        var memory = Memory(events: 3);
        var session = new SessionEvents(memory);
        var ids = await WriteAsync(await session.CreateStreamAsync(Stream), 5);

        Assert.Null(await session.GetStreamReaderAsync(ids[0]));
        Assert.NotNull(await session.GetStreamReaderAsync(ids[1]));
    }

    [Fact]
    public async Task Session_BeyondItsBytes_LosesItsOldestAndNobodyElses()
    {
        var memory = Memory(bytesPerSession: 4_096);
        var (busy, quiet) = (new SessionEvents(memory), new SessionEvents(memory));
        var kept = await WriteAsync(await quiet.CreateStreamAsync(Stream), 2);
        var ids = await WriteAsync(await busy.CreateStreamAsync(Stream), 40, size: 500);

        Assert.Null(await busy.GetStreamReaderAsync(ids[0]));
        Assert.NotNull(await busy.GetStreamReaderAsync(ids[^2]));
        Assert.NotNull(await quiet.GetStreamReaderAsync(kept[0]));
        Assert.True(busy.Bytes <= 4_096);
    }

    [Fact]
    public async Task AllSessions_BeyondTheirBytes_LoseTheOldestOfAll()
    {
        var memory = Memory(bytes: 20_000);
        var (first, second) = (new SessionEvents(memory), new SessionEvents(memory));
        var old = await WriteAsync(await first.CreateStreamAsync(Stream), 5, size: 1_000);
        var young = await WriteAsync(await second.CreateStreamAsync(Stream), 14, size: 1_000);

        Assert.True(memory.Bytes <= 20_000);
        Assert.Null(await first.GetStreamReaderAsync(old[0]));
        Assert.NotNull(await second.GetStreamReaderAsync(young[0]));
    }

    [Fact]
    public async Task Event_LargerThanTheSessionMayHold_IsNotKept()
    {
        var memory = Memory(bytesPerSession: 2_048);
        var session = new SessionEvents(memory);
        var ids = await WriteAsync(await session.CreateStreamAsync(Stream), 1, size: 10_000);

        Assert.Equal(0, memory.Bytes);
        // Nothing is missing after it; what is asked for from before it is lost.
        Assert.NotNull(await session.GetStreamReaderAsync(ids[0]));
        Assert.Null(await session.GetStreamReaderAsync(ids[0].Replace(".1", ".0", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reader_InPollingMode_EndsWithWhatIsThere()
    {
        var session = new SessionEvents(Memory());
        var stream = await session.CreateStreamAsync(Stream);
        var ids = await WriteAsync(stream, 3);
        await stream.SetModeAsync(SseEventStreamMode.Polling);
        var reader = await session.GetStreamReaderAsync(ids[0]);

        Assert.Equal(ids[1..], await IdsAsync(reader!));
        Assert.Empty(await IdsAsync((await session.GetStreamReaderAsync(ids[2]))!));
    }

    [Fact]
    public async Task Reader_Relieved_Ends()
    {
        var session = new SessionEvents(Memory());
        var stream = await session.CreateStreamAsync(Stream);
        var ids = await WriteAsync(stream, 1);
        var first = IdsAsync((await session.GetStreamReaderAsync(ids[0]))!);
        Assert.False(first.IsCompleted);
        var second = IdsAsync((await session.GetStreamReaderAsync(ids[0]))!);

        Assert.Empty(await first.WaitAsync(TimeSpan.FromSeconds(30)));
        var more = await WriteAsync(stream, 1);
        await stream.DisposeAsync();
        Assert.Equal(more, await second.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Reader_KeepsTheAdviceWhenToReconnect()
    {
        var session = new SessionEvents(Memory());
        var stream = await session.CreateStreamAsync(Stream);
        var first = await stream.WriteEventAsync(new SseItem<JsonRpcMessage?>(null, "message"));
        await stream.WriteEventAsync(new SseItem<JsonRpcMessage?>(null, "message") { ReconnectionInterval = TimeSpan.FromSeconds(2) });
        await stream.DisposeAsync();
        var wire = "";
        await foreach (var item in (await session.GetStreamReaderAsync(first.EventId!))!.ReadEventsAsync())
        {
            wire += System.Text.Encoding.UTF8.GetString(EventWire.Write(item));
        }

        Assert.Equal($"id: {first.EventId!.Replace(".1", ".2", StringComparison.Ordinal)}\nretry: 2000\ndata: \n\n", wire);
    }

    [Fact]
    public async Task End_OfASession_ForgetsItsEventsAndStreams()
    {
        var memory = Memory();
        var session = new SessionEvents(memory);
        var stream = await session.CreateStreamAsync(Stream);
        var ids = await WriteAsync(stream, 3);
        var reading = IdsAsync((await session.GetStreamReaderAsync(ids[^1]))!);
        session.End();
        await WriteAsync(stream, 3);

        Assert.Equal(0, memory.Bytes);
        Assert.Empty(await reading.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Null(await session.GetStreamReaderAsync(ids[0]));
    }

    private static EventMemory Memory(int events = 500, int bytesPerSession = 1_000_000, long bytes = 10_000_000) =>
        new(Options.Create(new McpHttpOptions { ReplayEventsPerSession = events, ReplayBytesPerSession = bytesPerSession, ReplayBytes = bytes }));

    private static async Task<List<string>> WriteAsync(ISseEventStreamWriter stream, int count, int size = 10)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var message = new JsonRpcNotification { Method = new string('m', size) };
            ids.Add((await stream.WriteEventAsync(new SseItem<JsonRpcMessage?>(message, "message"))).EventId!);
        }

        return ids;
    }

    private static async Task<List<string>> IdsAsync(ISseEventStreamReader reader)
    {
        var ids = new List<string>();
        await foreach (var item in reader.ReadEventsAsync())
        {
            ids.Add(item.EventId!);
        }

        return ids;
    }
}
