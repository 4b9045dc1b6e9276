using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp;

/// <summary>One part of what the server offers over MCP, such as tools or prompts. All servers share one set of options, made once from all features in the order they are registered.</summary>
internal interface IMcpFeature
{
    /// <summary>Adds the handlers and capabilities of the feature. A handler asks <see cref="McpCaller"/> who calls.</summary>
    void AddTo(McpServerOptions options);
}
