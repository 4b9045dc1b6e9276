namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>What a JSON-RPC message is.</summary>
internal enum RpcMessageKind
{
    /// <summary>Has an id and a method.</summary>
    Request,

    /// <summary>Has a method only.</summary>
    Notification,

    /// <summary>A client's answer to a request of the server.</summary>
    Answer,
}
