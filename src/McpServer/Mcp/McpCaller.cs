using AiPlatform.McpServer.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp;

/// <summary>Who sent a message. The caller travels with each message, so that a session never answers with the rights of another request.</summary>
internal static class McpCaller
{
    /// <exception cref="McpProtocolException">The message carries no caller: a transport forgot to authenticate it.</exception>
    public static Caller Of(MessageContext request) =>
        request.Items.TryGetValue(Caller.ItemKey, out var item) && item is Caller caller
            ? caller
            : throw new McpProtocolException("The message carries no caller.", McpErrorCode.InternalError);
}
