using System.ComponentModel.DataAnnotations;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Settings of the MCP endpoint, section <c>Mcp</c> of the configuration.</summary>
internal sealed class McpHttpOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Mcp";

    /// <summary>Host names (without port) that requests may be addressed to. Default: the loopback names. Guards against DNS rebinding; never <c>*</c>.</summary>
    public IList<string> AllowedHosts { get; init; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The URL by which clients reach this server, without the path of the endpoint, such as <c>https://mcp.example.com</c>; with a path only where a proxy serves this server below one. Default: none; then nothing speaks of a public address.</summary>
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

    /// <summary>Sessions one caller may hold at once; beyond it the caller's own longest idle one ends. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxSessionsPerCaller { get; set; } = 1_000;

    /// <summary>Requests of one session that may run at once; the next is refused. Default 64.</summary>
    [Range(1, 10_000)]
    public int MaxRunningPerSession { get; set; } = 64;

    /// <summary>Events kept for each session for clients that lose a stream. Default 500.</summary>
    [Range(1, 100_000)]
    public int ReplayEventsPerSession { get; set; } = 500;

    /// <summary>Bytes of events kept for each session. Default 1 MiB.</summary>
    [Range(1_024, 1_024 * 1_024 * 1_024)]
    public int ReplayBytesPerSession { get; set; } = 1_024 * 1_024;

    /// <summary>Bytes of events kept for all sessions together. Default 64 MiB.</summary>
    [Range(1_024, long.MaxValue)]
    public long ReplayBytes { get; set; } = 64 * 1_024 * 1_024;

    /// <summary>Whether a plain tools/call is answered without the SDK's transport, byte for byte as it would answer. Default true; off, every call takes the SDK's path.</summary>
    public bool DirectToolCalls { get; set; } = true;
}
