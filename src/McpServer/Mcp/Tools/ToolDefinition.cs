using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Defines tools, none of which reaches anything outside the platform.</summary>
internal static class ToolDefinition
{
    /// <param name="name">Name clients call it by.</param>
    /// <param name="title">Name for people.</param>
    /// <param name="description">What it answers and when to use it. Never a text of a catalog.</param>
    /// <param name="icon">Path data of its icon.</param>
    /// <param name="inputSchema">JSON of the input schema.</param>
    /// <param name="outputSchema">The output schema, from <see cref="ToolSchema"/>.</param>
    /// <param name="hints">What it does to the platform.</param>
    public static Tool Create(string name, string title, string description, string icon, string inputSchema, JsonElement outputSchema, ToolAnnotations hints)
    {
        hints.Title = title;
        hints.OpenWorldHint = false;
        return new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = ToolJson.Schema(inputSchema),
            OutputSchema = outputSchema,
            Icons = McpIcon.Of(icon),
            Annotations = hints,
        };
    }
}
