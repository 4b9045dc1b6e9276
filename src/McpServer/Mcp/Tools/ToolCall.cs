using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>One call of a tool.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="Feedback">Takes progress and log messages for the client while the call runs.</param>
/// <param name="TakesLinks">Whether the client's revision knows links in answers. Default: no.</param>
internal sealed record ToolCall(Caller Caller, ToolArguments Arguments, IToolFeedback Feedback, bool TakesLinks = false);
