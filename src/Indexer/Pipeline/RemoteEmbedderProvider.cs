using AiPlatform.Search.Embeddings.Remote;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>The embedder over a service. Before a build it makes one request, so that a service that is down, or gives vectors of another length, costs nothing but that. Thread-safe.</summary>
/// <param name="embeddings">The service.</param>
public sealed class RemoteEmbedderProvider(RemoteEmbeddings embeddings) : IEmbedderProvider
{
    /// <inheritdoc/>
    public string Key => embeddings.Key;

    /// <inheritdoc/>
    /// <exception cref="EmbeddingException">The service does not answer, or otherwise than it should.</exception>
    public async ValueTask<PreparedEmbedder?> PrepareAsync(EmbedderRequest request, CancellationToken cancellationToken)
    {
        var (embedder, usage) = await embeddings.PrepareAsync(cancellationToken).ConfigureAwait(false);

        // Nothing is trained: the model is whatever the service has, and its vectors are told apart by its id.
        return new PreparedEmbedder(embedder, null, default, Reused: true) { Usage = usage };
    }
}
