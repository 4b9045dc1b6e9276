using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Confirmation;

/// <summary>What came of a question: a refusal to answer the call with, or the agreement.</summary>
/// <param name="Refusal">The answer of the call; null when it was agreed to.</param>
/// <param name="Id">Names this one agreement, so that whatever it starts is started once; null when no question was asked.</param>
internal readonly record struct Confirmed(ToolAnswer? Refusal, string? Id = null);
