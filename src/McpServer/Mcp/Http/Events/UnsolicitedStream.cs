using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>
/// The unsolicited messages of a session, written by the SDK to one stream for the session's life and passed on to the GET that listens,
/// so that a client that lost the stream can open it again. Without a listener messages are dropped here; resumable sessions
/// still find them in their <see cref="SessionEvents"/>.
/// </summary>
internal sealed class UnsolicitedStream(StreamableHttpServerTransport transport, CancellationToken ended) : OutputStream
{
    private readonly Lock _lock = new();
    private StreamClaim? _claim;
    private Task? _pump;

    /// <summary>Whether a listener is there that messages are passed on to, or that reads them from memory.</summary>
    public bool HasBegun
    {
        get
        {
            lock (_lock)
            {
                return _pump is not null && _claim is not null;
            }
        }
    }

    /// <summary>The right to listen; null while another GET has it.</summary>
    public StreamClaim? TryClaim()
    {
        lock (_lock)
        {
            return _claim is null ? _claim = new StreamClaim() : null;
        }
    }

    /// <summary>The right to listen, taken from whoever has it: a client that reconnects knows better than the server that its connection is dead.</summary>
    public async ValueTask<StreamClaim> TakeOverAsync()
    {
        var mine = new StreamClaim();
        StreamClaim? other;
        lock (_lock)
        {
            (other, _claim) = (_claim, mine);
        }

        if (other is not null)
        {
            await other.RelieveAsync();
        }

        return mine;
    }

    /// <summary>Passes messages on to the claim's body from now on. The first time, the SDK begins to write.</summary>
    public void Begin(StreamClaim claim, EventBody body)
    {
        lock (_lock)
        {
            claim.Body = body;
            _pump ??= transport.HandleGetRequestAsync(this, ended).ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    public void Release(StreamClaim claim)
    {
        lock (_lock)
        {
            if (_claim == claim)
            {
                _claim = null;
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_claim?.Body is { } body)
        {
            await WhileListenedAsync(body.WriteAsync(buffer, cancellationToken).AsTask());
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_claim?.Body is { } body)
        {
            await WhileListenedAsync(body.FlushAsync(cancellationToken));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _claim?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static async Task WhileListenedAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The listener left in this moment. The SDK must not learn of it: it would never write to this stream again.
        }
    }
}
