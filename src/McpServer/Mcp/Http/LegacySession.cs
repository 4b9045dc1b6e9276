using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Http.Events;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SdkServer = ModelContextProtocol.Server.McpServer;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>A session of an older client, bound to the subject that opened it.</summary>
internal sealed class LegacySession : IAsyncDisposable
{
    private readonly ConcurrentDictionary<RequestId, SessionCall> _calls = new();
    private readonly SdkServer _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly StandingCaller _standing;
    private readonly Action _whenEnded;
    private readonly Task _run;
    private int _active;
    private int _disposed;
    private long _lastUsed;

    public LegacySession(string id, Caller caller, SessionEvents events, McpServerFactory factory, CallerWatch watch, long now, Action ended)
    {
        Id = id;
        Subject = caller.Subject;
        Events = events;
        Ended = _ended.Token;
        Transport = new StreamableHttpServerTransport { SessionId = id, EventStreamStore = events };
        Unsolicited = new UnsolicitedStream(Transport, Ended);
        _standing = watch.Open(caller, End);
        _server = factory.Create(Transport, End, _standing);
        _lastUsed = now;
        _whenEnded = ended;
        _run = _server.RunAsync(Ended);
    }

    public string Id { get; }

    public string Subject { get; }

    public StreamableHttpServerTransport Transport { get; }

    /// <summary>The revision of the protocol agreed on; null before the first exchange.</summary>
    public string? Revision => _server.NegotiatedProtocolVersion;

    /// <summary>Whether the client has asked for log messages: then no answer may take the way that cannot carry them.</summary>
    public bool WantsLog => _server.LoggingLevel is not null;

    /// <summary>What the client can ask for again.</summary>
    public SessionEvents Events { get; }

    /// <summary>What the server says without being asked.</summary>
    public UnsolicitedStream Unsolicited { get; }

    /// <summary>Ends with the session.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Requests being answered, those of clients that left included.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Timestamp of the last request's begin or end.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Completes when the connection is closed, by whomever.</summary>
    public Task Completion => _run;

    /// <summary>Takes over the caller of a request in the session: whether the session goes on and what it is told follow the latest one.</summary>
    public void Admitted(Caller caller) => _standing.Admitted(caller);

    public void Enter(long now)
    {
        Interlocked.Increment(ref _active);
        Volatile.Write(ref _lastUsed, now);
    }

    public void Leave(long now)
    {
        Volatile.Write(ref _lastUsed, now);
        Interlocked.Decrement(ref _active);
    }

    /// <summary>Makes a call known by its request's id. A second one of the same id is answered, but cannot be called off.</summary>
    public void Add(SessionCall call) => _calls.TryAdd(call.Id, call);

    public void Remove(SessionCall call) => _calls.TryRemove(KeyValuePair.Create(call.Id, call));

    /// <summary>Hands over a notification, or an answer to a request of the server. A notice that calls a request off ends its answer, too.</summary>
    public async ValueTask TellAsync(JsonRpcMessage message)
    {
        try
        {
            await Transport.HandlePostRequestAsync(message, Stream.Null, Ended);
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            // The session ended in this moment: nobody is left to tell.
            return;
        }

        if (message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject cancelled })
        {
            await CallOffAsync(cancelled["requestId"]);
        }
    }

    private void End() => _ = DisposeAsync().AsTask();

    private async ValueTask CallOffAsync(JsonNode? requestId)
    {
        RequestId? id = requestId is JsonValue value && value.TryGetValue(out string? text) ? new RequestId(text)
            : requestId is JsonValue other && other.TryGetValue(out long number) ? new RequestId(number)
            : null;
        if (id is not null && _calls.TryGetValue(id.Value, out var call))
        {
            await call.CallOffAsync();
            Events.EndRequest(id.Value.ToString());
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _standing.Dispose();
        _whenEnded();
        await _ended.CancelAsync();
        await Transport.DisposeAsync();
        await _server.DisposeAsync();
        Events.End();
        await Unsolicited.DisposeAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
            // The session was ended: that is how its loop ends.
        }

        _ended.Dispose();
    }
}
