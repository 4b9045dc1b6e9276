using AiPlatform.Core.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Gives every request its time, and makes it again when it failed for a reason that may pass.</summary>
/// <param name="inner">Makes a request once.</param>
/// <param name="options">Time, tries and pauses.</param>
/// <param name="chance">Spreads the pauses: random numbers, 0 to 1.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of every try that failed.</param>
internal sealed class RetriedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingsOptions options, Func<double> chance, TimeProvider time, ILogger logger)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
    private readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(options.FirstPauseMilliseconds);
    private readonly int _retries = options.Retries;
    private readonly string _model = options.Model;

    /// <exception cref="EmbeddingException">It failed for good, or too often.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyList<string> ?? [.. values];
        for (var failures = 1; ; failures++)
        {
            EmbeddingException failure;
            try
            {
                return await OnceAsync(texts, options, cancellationToken).ConfigureAwait(false);
            }
            catch (EmbeddingException e) when (e.Retryable && failures <= _retries)
            {
                failure = e;
            }

            var pause = RetryPause.After(failures, _firstPause, failure.RetryAfter, chance());
            Log.EmbeddingRepeated(logger, _model, failures, pause.TotalSeconds, failure.Message);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> OnceAsync(IReadOnlyList<string> texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await base.GenerateAsync(texts, options, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw EmbeddingException.Unreachable($"nothing came within {_timeout.TotalSeconds:0.#} s", e);
        }
    }
}
