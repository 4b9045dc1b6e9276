using System.Collections.Concurrent;
using AiPlatform.McpServer.Auth;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// The sessions that are told of changes, each known by its connection, from its first message after the handshake until the connection closes.
/// Notices follow the rights of the latest request in the session. Thread-safe.
/// </summary>
internal sealed class SessionChanges(ChangeFeed feed, CallerWatch watch)
{
    private readonly ConcurrentDictionary<ITransport, Lazy<Task<ChangeSubscriber>>> _sessions = new();

    /// <summary>The subscriber of the session; opened at the first call.</summary>
    public async Task<ChangeSubscriber> OfAsync(McpConnection connection, Caller caller)
    {
        var opened = _sessions.GetOrAdd(connection.Transport, _ => new Lazy<Task<ChangeSubscriber>>(() => OpenAsync(connection, caller)));
        try
        {
            return await opened.Value;
        }
        catch
        {
            _sessions.TryRemove(KeyValuePair.Create(connection.Transport, opened));
            throw;
        }
    }

    /// <summary>The subscriber of the session if it has one.</summary>
    public async Task<ChangeSubscriber?> FindAsync(McpConnection connection) =>
        _sessions.TryGetValue(connection.Transport, out var opened) ? await opened.Value : null;

    private async Task<ChangeSubscriber> OpenAsync(McpConnection connection, Caller caller)
    {
        // Whoever waits for it may leave; the session stays.
        var standing = connection.Standing ?? watch.Open(caller, () => Close(connection));
        var subscriber = await feed.OpenSessionAsync(standing, () => Close(connection));
        _ = RunAsync(connection.Transport, subscriber);
        _ = CloseWithAsync(connection.Transport, subscriber);
        return subscriber;
    }

    /// <summary>Ends the connection: its caller may not go on, or it is closing already.</summary>
    private void Close(McpConnection connection)
    {
        _sessions.TryRemove(connection.Transport, out _);
        connection.End?.Invoke();
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
