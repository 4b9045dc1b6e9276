namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>How large an answer may be. The one argument <c>max_tokens</c>, with one meaning on every tool: the whole result, text mirror and links included.</summary>
internal static class AnswerBudget
{
    public const string Argument = "max_tokens";
    public const int DefaultTokens = 20_000;
    public const int MinTokens = 2_000;
    public const int MaxTokens = 25_000;

    /// <summary>Bytes of the serialised result that a token stands for.</summary>
    public const int BytesPerToken = 4;

    /// <summary>Property for an input schema, without the braces.</summary>
    public const string Schema = """
        "max_tokens": {"type": "integer", "minimum": 2000, "maximum": 25000, "default": 20000, "description": "The whole answer stays below this size. What does not fit is shortened, then left out, and the answer says so."}
        """;

    public static int Read(ToolArguments arguments) => arguments.Whole(Argument, MinTokens, MaxTokens, DefaultTokens);
}
