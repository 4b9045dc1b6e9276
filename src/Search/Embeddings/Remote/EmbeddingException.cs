namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>A service did not embed. The message says what is wrong and what to do; it holds neither texts nor keys.</summary>
/// <param name="code">Stable snake_case code: <c>embeddings_unreachable</c>, <c>embeddings_refused</c>, <c>embeddings_malformed</c>, <c>embeddings_wrong_dimension</c>.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="retryable">Whether the same request may succeed later.</param>
/// <param name="inner">What the system said; null when nothing.</param>
public sealed class EmbeddingException(string code, string message, bool retryable, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool Retryable { get; } = retryable;

    /// <summary>How long the service asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>An answer that makes no sense; the next one may.</summary>
    internal static EmbeddingException Malformed(string what, Exception? inner = null) =>
        new("embeddings_malformed", $"The embedding service gave an answer that makes no sense: {what}. Check that Embeddings:BaseUrl leads to the service meant.", retryable: true, inner);

    /// <summary>No answer, or one that says to come back.</summary>
    internal static EmbeddingException Unreachable(string what, Exception? inner = null) =>
        new("embeddings_unreachable", $"The embedding service does not answer: {what}. Check that it is up and reachable from here.", retryable: true, inner);

    /// <summary>What a status other than 200 means.</summary>
    internal static EmbeddingException OfStatus(int status, string? retryAfter, DateTimeOffset now, Exception? inner = null) =>
        status is 408 or 424 or 425 or 429 or >= 500
            ? new("embeddings_unreachable", $"The embedding service answered {status}. It is busy or down; try again later, or lower Embeddings:Concurrency.", retryable: true, inner) { RetryAfter = Asked(retryAfter, now) }
            : new("embeddings_refused", $"The embedding service answered {status}. Check Embeddings:Model, its key and its address.", retryable: false, inner);

    private static TimeSpan? Asked(string? retryAfter, DateTimeOffset now) =>
        System.Net.Http.Headers.RetryConditionHeaderValue.TryParse(retryAfter, out var asked) ? asked.Delta ?? (asked.Date - now) : null;
}
