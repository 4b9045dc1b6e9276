using System.Net.ServerSentEvents;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>One stream of events: what answers one request, or the unsolicited messages of a session.</summary>
internal sealed class EventStream(EventMemory memory, SessionEvents session, string id, SseEventStreamOptions options) : ISseEventStreamWriter
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SseEventStreamMode _mode = options.Mode;
    private long _last;
    private long _dropped;
    private int _held;
    private int _readers;
    private bool _completed;

    /// <summary>Unguessable; the beginning of the ids of its events.</summary>
    public string Id => id;

    /// <summary>The SDK's name for it: unique among the running requests of the session only.</summary>
    public string StreamId => options.StreamId;

    public string SessionId => options.SessionId;

    public SessionEvents Session => session;

    public ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellationToken = default)
    {
        lock (memory.Gate)
        {
            _mode = mode;
            Signal();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(SseItem<JsonRpcMessage?> sseItem, CancellationToken cancellationToken = default)
    {
        if (sseItem.EventId is not null)
        {
            return ValueTask.FromResult(sseItem);
        }

        var message = sseItem.Data is null ? default(ReadOnlyMemory<byte>) : JsonSerializer.SerializeToUtf8Bytes(sseItem.Data, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>());
        lock (memory.Gate)
        {
            var added = new StoredEvent(this, ++_last, message, sseItem.EventType, sseItem.ReconnectionInterval);
            if (!_completed)
            {
                _held++;
                memory.Add(session, added);
                Signal();
            }

            return ValueTask.FromResult(sseItem with { EventId = added.Id });
        }
    }

    /// <summary>Nothing more will come.</summary>
    public ValueTask DisposeAsync()
    {
        lock (memory.Gate)
        {
            Complete();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Nothing more will come. Under the gate of the memory.</summary>
    public void Complete()
    {
        _completed = true;
        Signal();
        RemoveIfEmpty();
    }

    /// <summary>An event is held no longer. Under the gate of the memory.</summary>
    public void Dropped(long number)
    {
        _held--;
        _dropped = number;
        Signal();
        RemoveIfEmpty();
    }

    /// <summary>A reader of what came after an event; null when some of it is lost. Whoever reads the stream now is relieved. Under the gate of the memory.</summary>
    public EventStreamReader? ReadAfter(long number)
    {
        if (number < _dropped || number > _last)
        {
            return null;
        }

        Signal();
        return new EventStreamReader(this, number, ++_readers);
    }

    /// <summary>What a reader has not read yet, and when to look again; null when the reader is done.</summary>
    public (List<StoredEvent> Events, Task Changed)? Read(long after, int reader)
    {
        lock (memory.Gate)
        {
            List<StoredEvent> events = [.. session.Held.Select(n => n.Value).Where(e => e.Stream == this && e.Number > after)];
            var ended = events.Count == 0 && (_completed || _mode == SseEventStreamMode.Polling);
            return reader != _readers || after < _dropped || ended ? null : (events, _changed.Task);
        }
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void RemoveIfEmpty()
    {
        if (_completed && _held == 0)
        {
            session.Remove(this);
        }
    }
}
