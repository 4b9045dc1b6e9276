namespace AiPlatform.Indexer.Jobs;

/// <summary>A request to <see cref="ReindexJobs"/> that cannot be done as it stands. The message is safe to show to the caller.</summary>
/// <param name="code">Stable snake_case code: <c>too_many_jobs</c>, <c>server_stopping</c>, <c>idempotency_conflict</c>, <c>no_previous_generation</c>, <c>catalog_busy</c>.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="retryable">Whether the same request may succeed later.</param>
public sealed class ReindexRequestException(string code, string message, bool retryable) : Exception(message)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsRetryable { get; } = retryable;
}
