using System.Text.Json.Nodes;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>Work that goes on after its call was answered, at one moment, as its caller sees it.</summary>
internal sealed record McpTask
{
    /// <summary>Its id: cannot be guessed, and is found on every node until <see cref="TimeToLive"/> is over.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is.</summary>
    public required McpTaskStatus Status { get; init; }

    /// <summary>The same in words; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When what is told of it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How long from <see cref="CreatedAt"/> it is kept at least; null for ever. May grow.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>How often to ask for it.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>The answer of the call, of a task that is <see cref="McpTaskStatus.Completed"/>.</summary>
    public ToolAnswer? Answer { get; init; }

    /// <summary>The error, of a task that is <see cref="McpTaskStatus.Failed"/>.</summary>
    public JsonRpcErrorDetail? Error { get; init; }

    /// <summary>What the client is asked, by keys that are never used again, of a task that is <see cref="McpTaskStatus.InputRequired"/>.</summary>
    public JsonObject? InputRequests { get; init; }
}
