namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The revisions of the protocol this server speaks. The SDK keeps its own list internal.</summary>
internal static class ProtocolVersions
{
    /// <summary>The revision without sessions.</summary>
    public const string Modern = "2026-07-28";

    /// <summary>What a client without a version header speaks.</summary>
    public const string AssumedLegacy = "2025-03-26";

    /// <summary>Every revision, newest first.</summary>
    public static readonly string[] Supported = [Modern, "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    /// <summary>The revisions without a handshake, which <c>server/discover</c> names.</summary>
    public static readonly string[] Discovered = [Modern];

    public static bool IsSupported(string version) => Array.IndexOf(Supported, version) >= 0;
}
