using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Defines tools that change nothing.</summary>
internal static class ReadingTool
{
    /// <param name="name">Name clients call it by.</param>
    /// <param name="title">Name for people.</param>
    /// <param name="description">What it answers and when to use it. Never a text of a catalog.</param>
    /// <param name="icon">Path data of its icon.</param>
    /// <param name="inputSchema">JSON of the input schema.</param>
    /// <param name="outputSchema">The output schema, from <see cref="ToolSchema"/>.</param>
    public static Tool Define(string name, string title, string description, string icon, string inputSchema, JsonElement outputSchema) =>
        ToolDefinition.Create(name, title, description, icon, inputSchema, outputSchema, new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true });
}
