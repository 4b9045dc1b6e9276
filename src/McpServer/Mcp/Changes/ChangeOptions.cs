using System.ComponentModel.DataAnnotations;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>Settings of notices of changes, section <c>Mcp:Changes</c> of the configuration.</summary>
internal sealed class ChangeOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Mcp:Changes";

    /// <summary>Milliseconds between two looks for changes. Default 1,000.</summary>
    [Range(50, 60_000)]
    public int PollMilliseconds { get; set; } = 1_000;

    /// <summary>Resources that one session or stream may watch. Default 100.</summary>
    [Range(1, 1_000)]
    public int MaxResources { get; set; } = 100;

    /// <summary>Resources watched by all together. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxResourcesInAll { get; set; } = 100_000;

    /// <summary>Streams of <c>subscriptions/listen</c> that one caller may hold open. Default 50.</summary>
    [Range(1, 10_000)]
    public int MaxStreamsPerCaller { get; set; } = 50;
}
