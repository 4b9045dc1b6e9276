using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Confirmation;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>One call of a tool.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="Feedback">Takes progress and log messages for the client while the call runs.</param>
/// <param name="TakesLinks">Whether the client's revision knows links in answers. Default: no.</param>
internal sealed record ToolCall(Caller Caller, ToolArguments Arguments, IToolFeedback Feedback, bool TakesLinks = false)
{
    /// <summary>What the client can be asked and has answered. Default: a client that cannot be asked.</summary>
    public ClientInput Client { get; init; } = ClientInput.None;

    /// <summary>Whether the client takes a task for an answer. Default: no.</summary>
    public bool TakesTasks { get; init; }
}
