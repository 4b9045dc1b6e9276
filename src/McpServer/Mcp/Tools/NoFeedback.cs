using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>For calls whose answer is one message: nothing can be sent before it.</summary>
internal sealed class NoFeedback : IToolFeedback
{
    public static NoFeedback Instance { get; } = new();

    public bool WantsProgress => false;

    public ValueTask ProgressAsync(double done, double? total, string message, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask LogAsync(LoggingLevel level, string message, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
