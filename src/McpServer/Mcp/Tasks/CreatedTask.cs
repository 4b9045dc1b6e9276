using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>The answer to a call that became a task, as it goes out. Everything of the task stands beside the type of the result, not below it.</summary>
internal sealed class CreatedTask : Result
{
    [JsonPropertyName("taskId")]
    public required string TaskId { get; init; }

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("statusMessage")]
    public string? StatusMessage { get; init; }

    [JsonPropertyName("createdAt")]
    public required string CreatedAt { get; init; }

    [JsonPropertyName("lastUpdatedAt")]
    public required string LastUpdatedAt { get; init; }

    /// <summary>Null, which is written, for ever.</summary>
    [JsonPropertyName("ttlMs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required long? TtlMs { get; init; }

    [JsonPropertyName("pollIntervalMs")]
    public required long PollIntervalMs { get; init; }

    public static CreatedTask Of(McpTask task) => new()
    {
        ResultType = "task",
        TaskId = task.Id,
        Status = McpTaskJson.Name(task.Status),
        StatusMessage = task.Message,
        CreatedAt = McpTaskJson.Time(task.CreatedAt),
        LastUpdatedAt = McpTaskJson.Time(task.UpdatedAt),
        TtlMs = (long?)task.TimeToLive?.TotalMilliseconds,
        PollIntervalMs = (long)task.PollInterval.TotalMilliseconds,
    };
}
