namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Header names of the Streamable HTTP transport. The SDK keeps its own list internal.</summary>
internal static class McpHeaders
{
    public const string SessionId = "Mcp-Session-Id";
    public const string ProtocolVersion = "MCP-Protocol-Version";
    public const string Method = "Mcp-Method";
    public const string Name = "Mcp-Name";
    public const string LastEventId = "Last-Event-ID";
}
