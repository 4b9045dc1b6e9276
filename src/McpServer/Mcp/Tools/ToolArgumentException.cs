namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>An argument of a call is wrong.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="argument">The argument.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class ToolArgumentException(string code, string argument, string message) : Exception(message)
{
    public const string Unknown = "unknown_argument";
    public const string Missing = "missing_argument";
    public const string Invalid = "invalid_argument";

    public string Code { get; } = code;

    public string Argument { get; } = argument;
}
