using System.ComponentModel.DataAnnotations;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Settings of the MCP endpoint, section <c>Mcp</c> of the configuration.</summary>
internal sealed class McpHttpOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Mcp";

    /// <summary>Host names (without port) that requests may be addressed to. Default: the loopback names. Guards against DNS rebinding; never <c>*</c>.</summary>
    public IList<string> AllowedHosts { get; init; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The URL by which clients reach this server, without the path of the endpoint, such as <c>https://mcp.example.com</c>. Default: none; then nothing speaks of a public address.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Origins that browsers may call from, such as <c>https://console.example.com</c>. Default: none but the loopback origins of any port.</summary>
    public IList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Largest request body in bytes. Default 1 MiB.</summary>
    [Range(1_024, 64 * 1_024 * 1_024)]
    public int MaxBodyBytes { get; set; } = 1_024 * 1_024;

    /// <summary>Sessions of older clients held at once; the one idle longest goes first. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxSessions { get; set; } = 10_000;

    /// <summary>Minutes without a request after which a session ends. Default 120.</summary>
    [Range(1, 10_080)]
    public int SessionIdleTimeoutMinutes { get; set; } = 120;

    /// <summary>Whether a plain tools/call is answered without the SDK's transport, byte for byte as it would answer. Default true; off, every call takes the SDK's path.</summary>
    public bool DirectToolCalls { get; set; } = true;
}
