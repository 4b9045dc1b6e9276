using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>Writes tasks as the extension wants them: a flat object, durations in whole milliseconds.</summary>
internal static class McpTaskJson
{
    /// <summary>A task with what belongs to its status: questions, answer or error.</summary>
    public static JsonObject Write(McpTask task)
    {
        var json = JsonSerializer.SerializeToNode(CreatedTask.Of(task), CreatedTaskJson.Default.CreatedTask)!.AsObject();
        json["resultType"] = "complete";
        switch (task.Status)
        {
            case McpTaskStatus.InputRequired:
                json["inputRequests"] = task.InputRequests?.DeepClone() ?? new JsonObject();
                break;
            case McpTaskStatus.Completed:
                json["result"] = JsonSerializer.SerializeToNode(task.Answer!.ToResult(), McpJsonUtilities.DefaultOptions.GetTypeInfo<CallToolResult>());
                break;
            case McpTaskStatus.Failed:
                json["error"] = JsonSerializer.SerializeToNode(task.Error!, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcErrorDetail>());
                break;
            default:
                break;
        }

        return json;
    }

    public static string Name(McpTaskStatus status) => status switch
    {
        McpTaskStatus.Working => "working",
        McpTaskStatus.InputRequired => "input_required",
        McpTaskStatus.Completed => "completed",
        McpTaskStatus.Failed => "failed",
        _ => "cancelled",
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
