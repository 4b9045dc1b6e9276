using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embedded;

/// <summary>Finds the embedder whose vectors a generation holds. Thread-safe.</summary>
public interface IQueryEmbedderSource
{
    /// <summary>The embedder of a generation, or null when it is not configured: the catalog then answers by words alone and says so.</summary>
    /// <param name="modelId">Model id the generation was built with.</param>
    /// <param name="attachments">Reads a file attached to the generation; null when there is none.</param>
    IProductEmbedder? Find(string modelId, Func<string, byte[]?> attachments);
}
