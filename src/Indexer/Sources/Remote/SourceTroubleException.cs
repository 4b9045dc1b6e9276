namespace AiPlatform.Indexer.Sources.Remote;

/// <summary>A request failed for a reason that may pass: it is made again.</summary>
/// <param name="message">What happened.</param>
/// <param name="retryAfter">How long the server asks to wait; null for nothing.</param>
/// <param name="inner">What the system said; null when nothing.</param>
internal sealed class SourceTroubleException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
