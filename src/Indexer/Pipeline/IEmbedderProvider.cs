namespace AiPlatform.Indexer.Pipeline;

/// <summary>Makes the embedder of a build ready: a remote model, or one trained on the catalog.</summary>
public interface IEmbedderProvider
{
    /// <summary>Answers the embedder of the build; null for an index without vectors.</summary>
    /// <param name="request">What it may learn from.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<PreparedEmbedder?> PrepareAsync(EmbedderRequest request, CancellationToken cancellationToken);
}
