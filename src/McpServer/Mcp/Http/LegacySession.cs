using ModelContextProtocol.Server;
using SdkServer = ModelContextProtocol.Server.McpServer;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>A session of an older client, bound to the subject that opened it.</summary>
internal sealed class LegacySession : IAsyncDisposable
{
    private readonly SdkServer _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _run;
    private int _active;
    private int _streamOpened;
    private int _disposed;
    private long _lastUsed;

    public LegacySession(string id, string subject, StreamableHttpServerTransport transport, SdkServer server, long now)
    {
        Id = id;
        Subject = subject;
        Transport = transport;
        _server = server;
        _lastUsed = now;
        _run = server.RunAsync(_ended.Token);
    }

    public string Id { get; }

    public string Subject { get; }

    public StreamableHttpServerTransport Transport { get; }

    /// <summary>The revision of the protocol agreed on; null before the first exchange.</summary>
    public string? Revision => _server.NegotiatedProtocolVersion;

    /// <summary>Ends with the session.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>No request is being answered.</summary>
    public bool IsIdle => Volatile.Read(ref _active) == 0;

    /// <summary>Timestamp of the last request's begin or end.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

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

    /// <summary>False when the session already has its one stream of unsolicited messages.</summary>
    public bool TryOpenStream() => Interlocked.Exchange(ref _streamOpened, 1) == 0;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _ended.CancelAsync();
        await Transport.DisposeAsync();
        await _server.DisposeAsync();
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
