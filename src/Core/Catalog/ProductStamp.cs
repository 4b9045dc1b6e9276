namespace AiPlatform.Core.Catalog;

/// <summary>What tells whether an indexed product is still the same.</summary>
/// <param name="Content">Digest of everything in the product.</param>
/// <param name="Embedding">Digest of the embedded text, the model's id and the text template's version.</param>
/// <param name="Version">The source's version of the product; 0 when the source gives none.</param>
/// <param name="HasVector">Whether a vector of the generation's dimension is kept with it.</param>
public readonly record struct ProductStamp(ContentHash Content, ContentHash Embedding, long Version, bool HasVector);
