using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>Reads a stream from behind an event to its end. Ends early when a later reader takes over or an event it needs is dropped.</summary>
internal sealed class EventStreamReader(EventStream stream, long after, int reader) : ISseEventStreamReader
{
    public string SessionId => stream.SessionId;

    public string StreamId => stream.StreamId;

    public async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var last = after;
        while (stream.Read(last, reader) is { } next)
        {
            foreach (var stored in next.Events)
            {
                last = stored.Number;
                yield return ItemOf(stored);
            }

            if (next.Events.Count == 0)
            {
                await next.Changed.WaitAsync(cancellationToken);
            }
        }
    }

    private static SseItem<JsonRpcMessage?> ItemOf(StoredEvent stored)
    {
        var message = stored.Message.IsEmpty ? null : JsonSerializer.Deserialize(stored.Message.Span, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>());
        return new SseItem<JsonRpcMessage?>(message, stored.EventType) { EventId = stored.Id, ReconnectionInterval = stored.Retry };
    }
}
