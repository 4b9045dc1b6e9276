using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp;

/// <summary>
/// The connection an SDK server works on. A handler is given a server that answers on the stream of its request; what is sent without a request
/// goes by the transport of the connection itself.
/// </summary>
/// <param name="Transport">Carries what no request asked for.</param>
/// <param name="End">Ends the connection, because its caller may not go on. Does not wait. Null for a connection that lasts no longer than its request.</param>
/// <param name="Standing">Who is behind the connection; null when its credentials never change, or it lasts no longer than its request.</param>
internal sealed record McpConnection(ITransport Transport, Action? End, StandingCaller? Standing)
{
    /// <summary>The connection a message came by.</summary>
    public static McpConnection Of(MessageContext message) =>
        message.Server.Services?.GetService(typeof(McpConnection)) as McpConnection
        ?? throw new InvalidOperationException("The server was not made by the factory.");
}
