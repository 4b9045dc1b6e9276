using System.Collections.Concurrent;
using AiPlatform.McpServer.Auth;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// The sessions that are told of changes, each known by the transport of its connection, from its first message after the handshake until the
/// transport closes. Notices follow the rights the session was opened with. Thread-safe.
/// </summary>
internal sealed class SessionChanges(ChangeFeed feed)
{
    private readonly ConcurrentDictionary<ITransport, Lazy<Task<ChangeSubscriber>>> _sessions = new();

    /// <summary>The subscriber of the session; opened at the first call.</summary>
    public async Task<ChangeSubscriber> OfAsync(ITransport transport, Caller caller)
    {
        var opened = _sessions.GetOrAdd(transport, t => new Lazy<Task<ChangeSubscriber>>(() => OpenAsync(t, caller)));
        try
        {
            return await opened.Value;
        }
        catch
        {
            _sessions.TryRemove(KeyValuePair.Create(transport, opened));
            throw;
        }
    }

    /// <summary>The subscriber of the session if it has one.</summary>
    public async Task<ChangeSubscriber?> FindAsync(ITransport transport) => _sessions.TryGetValue(transport, out var opened) ? await opened.Value : null;

    private async Task<ChangeSubscriber> OpenAsync(ITransport transport, Caller caller)
    {
        // Whoever waits for it may leave; the session stays.
        var subscriber = await feed.OpenSessionAsync(caller, () => _ = CloseAsync(transport), CancellationToken.None);
        _ = RunAsync(transport, subscriber);
        _ = CloseWithAsync(transport, subscriber);
        return subscriber;
    }

    /// <summary>Ends the session's connection: its caller may not go on, or it is closing already.</summary>
    private async Task CloseAsync(ITransport transport)
    {
        _sessions.TryRemove(transport, out _);
        await transport.DisposeAsync();
    }

    private static async Task CloseWithAsync(ITransport transport, ChangeSubscriber subscriber)
    {
        await transport.MessageReader.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await subscriber.CloseAsync();
    }

    private static async Task RunAsync(ITransport transport, ChangeSubscriber subscriber)
    {
        try
        {
            await subscriber.PumpAsync((notification, cancellationToken) => transport.SendMessageAsync(notification, cancellationToken), CancellationToken.None);
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The connection closed: nobody is left to be told.
        }

        await subscriber.CloseAsync();
    }
}
