using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Log messages of embedding services. Event ids 2400 to 2449. Neither texts nor keys are logged.</summary>
internal static partial class Log
{
    [LoggerMessage(2400, LogLevel.Warning, "Embeddings of {Model}: try {Failures} failed, the next one comes in {Seconds:0.0} s: {Reason}")]
    public static partial void EmbeddingRepeated(ILogger logger, string model, int failures, double seconds, string reason);
}
