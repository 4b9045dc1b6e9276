using System.Text.Json;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Puts the schemas of tools together. A mistake in one fails the start.</summary>
internal static class ToolSchema
{
    private const string Error = """
        "error": {"type": "object", "additionalProperties": false, "required": ["code", "message", "retryable"], "description": "Stands alone, instead of everything else, when the call failed.", "properties": {
          "code": {"type": "string", "description": "Stable: branch on it."},
          "argument": {"type": "string", "description": "The argument at fault."},
          "message": {"type": "string", "description": "What is wrong and what to change."},
          "retryable": {"type": "boolean", "description": "Whether the same call may succeed later."}}}
        """;

    /// <summary>
    /// Schema of an answer: the given properties, of which some are always there, or an error alone. Clients check the structured content
    /// of failed calls too, so the schema admits both.
    /// </summary>
    /// <param name="required">Names of the properties that every success has.</param>
    /// <param name="properties">JSON of the properties, without the braces.</param>
    public static JsonElement Answer(IEnumerable<string> required, string properties)
    {
        var names = string.Join(", ", required.Select(r => $"\"{r}\""));
        return JsonElement.Parse($$"""
            {"type": "object", "additionalProperties": false, "properties": { {{properties}}, {{Error}} }, "anyOf": [{"required": [{{names}}]}, {"required": ["error"]}]}
            """);
    }
}
