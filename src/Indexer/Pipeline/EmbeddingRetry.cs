using System.Net;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embeddings.Remote;
using Polly;
using Polly.Retry;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Calls an embedder until it answers: what is busy, slow or cut off is tried again with growing pauses, what is wrong is not. A generator that retries by itself has
/// been patient already; this is for what remains. Thread-safe.
/// </summary>
internal sealed class EmbeddingRetry
{
    /// <summary>Calls of one batch at most.</summary>
    public const int MaxAttempts = 5;

    private readonly ResiliencePipeline _pipeline;

    /// <param name="time">The clock of the pauses.</param>
    /// <param name="firstPause">The first pause; each further one is twice as long, jittered. Default half a second.</param>
    public EmbeddingRetry(TimeProvider time, TimeSpan? firstPause = null) => _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = MaxAttempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = firstPause ?? TimeSpan.FromSeconds(.5),
            MaxDelay = TimeSpan.FromSeconds(30),
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } e && IsTransient(e, arguments.Context.CancellationToken)),
        })
        .Build();

    /// <exception cref="ReindexException">The embedder did not answer, or not as it must (<c>embedding_failed</c>).</exception>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IProductEmbedder embedder, IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<float>> vectors;
        try
        {
            vectors = await _pipeline.ExecuteAsync(token => embedder.EmbedProductsAsync(products, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not EmbeddingException && (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            // Whatever else a model's client throws: the run ends, nothing is swapped, and what was embedded is kept for the next one.
            throw new ReindexException("embedding_failed", $"The embedding model {embedder.ModelId} failed: {e.Message} The catalog is left as it is. Start again when the model answers: what was embedded so far is kept.", e);
        }

        if (vectors.Count != products.Count || vectors.Any(v => v.Length != 0 && v.Length != embedder.Dimensions))
        {
            var other = vectors.FirstOrDefault(v => v.Length != 0 && v.Length != embedder.Dimensions).Length;
            throw new ReindexException(
                "embedding_failed",
                $"The embedding model {embedder.ModelId} answered {vectors.Count} vectors for {products.Count} products{(other > 0 ? $", one of {other} dimensions instead of {embedder.Dimensions}" : "")}. The catalog is left as it is. Check the model's configuration.");
        }

        return vectors;
    }

    private static bool IsTransient(Exception e, CancellationToken cancellationToken) => e switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500,
        HttpRequestException or TimeoutException or IOException => true,
        _ => false,
    };
}
