using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>A product on its way into a build, without its vector yet.</summary>
/// <param name="Product">The product.</param>
/// <param name="Content">Digest of its content.</param>
/// <param name="Embedding">Digest of its embedded text; default without an embedder.</param>
/// <param name="Version">Its version.</param>
internal sealed record PendingProduct(Product Product, ContentHash Content, ContentHash Embedding, long Version)
{
    public IndexedProduct With(ReadOnlyMemory<float> vector) => new(Product, Content, Embedding, vector, Version);
}
