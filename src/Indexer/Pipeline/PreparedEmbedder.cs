using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embeddings.Remote;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>An embedder that is ready.</summary>
/// <param name="Embedder">The embedder.</param>
/// <param name="AttachmentName">Under which name the model is attached to the generation; null when there is nothing to attach.</param>
/// <param name="Attachment">The model's file.</param>
/// <param name="Reused">Whether it is the model of the previous generation.</param>
public sealed record PreparedEmbedder(IProductEmbedder Embedder, string? AttachmentName, ReadOnlyMemory<byte> Attachment, bool Reused)
{
    /// <summary>Tells what was asked of a service so far; null for a model of this process.</summary>
    public Func<EmbeddingUsage>? Usage { get; init; }
}
