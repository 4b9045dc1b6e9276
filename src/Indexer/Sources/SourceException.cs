namespace AiPlatform.Indexer.Sources;

/// <summary>A source cannot be read at all, or not to its end. The message says what is wrong and what to do; it names the location, but no credentials.</summary>
/// <param name="code">
/// Stable snake_case code: <c>invalid_source</c>, <c>source_not_found</c>, <c>source_forbidden</c>, <c>source_unreachable</c>, <c>source_unreadable</c>,
/// <c>source_changed</c>, <c>source_corrupt</c>, <c>source_too_large</c>, <c>invalid_header</c>.
/// </param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="inner">What the system said; null when nothing.</param>
public sealed class SourceException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;
}
