using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embeddings.Remote;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Has one batch embedded and checks the answer. Nothing is tried again here: a service's generator does that itself (<see cref="EmbeddingsOptions.Retries"/>), and what
/// the catalog's own model computes does not fail for a reason that passes.
/// </summary>
internal static class EmbeddingBatch
{
    /// <exception cref="EmbeddingException">The service did not answer, or not as it must.</exception>
    /// <exception cref="ReindexException">The embedder failed in another way, or answered other vectors than asked for (<c>embedding_failed</c>).</exception>
    public static async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IProductEmbedder embedder, IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<float>> vectors;
        try
        {
            vectors = await embedder.EmbedProductsAsync(products, cancellationToken).ConfigureAwait(false);
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
}
