using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>What a tool tells the client while it works. Nothing is sent that the client did not ask for.</summary>
internal interface IToolFeedback
{
    /// <summary>Whether the client asked for progress.</summary>
    bool WantsProgress { get; }

    /// <summary>Sends progress when the client asked for it. <paramref name="done"/> must grow from call to call.</summary>
    /// <param name="done">How much is done.</param>
    /// <param name="total">The whole, in the same unit; null when not known.</param>
    /// <param name="message">What is being done, in words.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ProgressAsync(double done, double? total, string message, CancellationToken cancellationToken);

    /// <summary>Sends a log message when the client's level asks for it. Never a secret, never a text of the catalog.</summary>
    ValueTask LogAsync(LoggingLevel level, string message, CancellationToken cancellationToken);

    /// <summary>Warns the client that the answer is less than it asked for; nothing when there is no reason.</summary>
    ValueTask DegradedAsync(string? reason, CancellationToken cancellationToken) =>
        reason is null ? ValueTask.CompletedTask : LogAsync(LoggingLevel.Warning, $"The answer is less than asked for: {reason}", cancellationToken);
}
