using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp;

/// <summary>How the server names itself.</summary>
internal static class ServerIdentity
{
    public static string Version { get; } = typeof(ServerIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static Implementation Implementation { get; } = new()
    {
        Name = "aiplatform",
        Title = "AiPlatform product search",
        Version = Version,
    };
}
