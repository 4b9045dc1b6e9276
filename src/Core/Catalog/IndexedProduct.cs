namespace AiPlatform.Core.Catalog;

/// <summary>A product with what the index keeps beside it.</summary>
/// <param name="Product">The product.</param>
/// <param name="ContentHash">Digest of everything in the product: same digest, same row.</param>
/// <param name="EmbeddingHash">Digest of the embedded text, the model's id and the text template's version: same digest, same vector.</param>
/// <param name="Vector">The embedding, L2-normalised, of the generation's dimension; empty when there is none.</param>
/// <param name="Version">The source's version of the product, from 1; 0 when the source gives none. Kept, and never compared by the index.</param>
public readonly record struct IndexedProduct(Product Product, ContentHash ContentHash, ContentHash EmbeddingHash, ReadOnlyMemory<float> Vector, long Version = 0);
