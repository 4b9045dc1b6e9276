using System.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>The answer of a call that failed: a stable code, what is wrong, where, and what to do.</summary>
internal static class ToolError
{
    public static ToolAnswer Create(string code, string? argument, string message, bool retryable = false)
    {
        var json = ToolJson.Write(
            (code, argument, message, retryable),
            static (writer, e) =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("error");
                writer.WriteString("code", e.code);
                if (e.argument is not null)
                {
                    writer.WriteString("argument", e.argument);
                }

                writer.WriteString("message", e.message);
                writer.WriteBoolean("retryable", e.retryable);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        var text = new StringBuilder("Error ").Append(code);
        if (argument is not null)
        {
            text.Append(" (").Append(argument).Append(')');
        }

        return new ToolAnswer(json, text.Append(": ").Append(message).ToString(), IsError: true) { ErrorCode = code };
    }
}
