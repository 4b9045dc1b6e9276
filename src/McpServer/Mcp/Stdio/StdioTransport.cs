using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>One session of the client: hands on what the intake has admitted and answers on the connection. Thread-safe.</summary>
/// <param name="connection">The client's connection.</param>
internal sealed class StdioTransport(StdioConnection connection) : ITransport
{
    private readonly Channel<JsonRpcMessage> _messages = Channel.CreateBounded<JsonRpcMessage>(StdioConnection.MaxUnderWay);

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => _messages.Reader;

    /// <summary>Hands a message to the server.</summary>
    public ValueTask HandOnAsync(JsonRpcMessage message, CancellationToken cancellationToken) => _messages.Writer.WriteAsync(message, cancellationToken);

    /// <summary>Takes note that the work on a cancelled request has ended: it is never answered.</summary>
    public void EndUnanswered(JsonRpcRequest request) => connection.LeaveUnanswered(request);

    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => connection.SendAsync(message, cancellationToken);

    /// <summary>Ends the session and with it the connection, as whoever tells it of changes does when its caller may not go on.</summary>
    public ValueTask DisposeAsync()
    {
        connection.Close();
        _messages.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
