namespace AiPlatform.Indexer.Pipeline;

/// <summary>Makes the embedder of a build ready: a remote model, or one trained on the catalog.</summary>
public interface IEmbedderProvider
{
    /// <summary>Stands for what its vectors depend on beside the products: as long as it is the same, the same products have the same vectors. Default: the name of the type.</summary>
    string Key => GetType().Name;

    /// <summary>Answers the embedder of the build; null for an index without vectors.</summary>
    /// <param name="request">What it may learn from.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<PreparedEmbedder?> PrepareAsync(EmbedderRequest request, CancellationToken cancellationToken);
}
