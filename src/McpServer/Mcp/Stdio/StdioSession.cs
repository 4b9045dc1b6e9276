using SdkServer = ModelContextProtocol.Server.McpServer;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>A session of the client, running. There are two: one for requests that say their revision themselves, one for what follows a handshake.</summary>
internal sealed class StdioSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly SdkServer _server;
    private readonly Task _run;

    public StdioSession(McpServerFactory factory, StdioConnection connection)
    {
        Transport = new StdioTransport(connection);
        _server = factory.Create(Transport, () => _ = Transport.DisposeAsync().AsTask());
        _run = _server.RunAsync(_ended.Token);
    }

    public StdioTransport Transport { get; }

    /// <summary>Cancels what is under way and waits a little for it: a call that does not heed its cancellation must not hold the process.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_run, _server.DisposeAsync().AsTask()).WaitAsync(StdioServer.Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Transport.DisposeAsync();
        _ended.Dispose();
    }
}
