namespace AiPlatform.Indexer.Pipeline;

/// <summary>No embedder: catalogs without vectors.</summary>
public sealed class NoEmbedderProvider : IEmbedderProvider
{
    /// <inheritdoc/>
    public ValueTask<PreparedEmbedder?> PrepareAsync(EmbedderRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<PreparedEmbedder?>(null);
}
