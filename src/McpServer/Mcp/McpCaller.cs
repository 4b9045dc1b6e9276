using AiPlatform.McpServer.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp;

/// <summary>Who sent a message. The caller travels with each message, so that a session never answers with the rights of another request.</summary>
internal static class McpCaller
{
    /// <exception cref="McpProtocolException">The message carries no caller: a transport forgot to authenticate it.</exception>
    public static Caller Of(MessageContext request) =>
        Of(request.Items);

    /// <summary>The same for a message that no context was made of.</summary>
    /// <exception cref="McpProtocolException">As above.</exception>
    public static Caller Of(JsonRpcMessage message) => Of(message.Context?.Items);

    private static Caller Of(IDictionary<string, object?>? items) =>
        items is not null && items.TryGetValue(Caller.ItemKey, out var item) && item is Caller caller
            ? caller
            : throw new McpProtocolException("The message carries no caller.", McpErrorCode.InternalError);
}
