namespace AiPlatform.Core.Catalog;

/// <summary>A catalog as one caller sees it.</summary>
/// <param name="Name">The name.</param>
/// <param name="VisibleProducts">How many products the caller sees.</param>
/// <param name="Generation">Number of the live generation.</param>
/// <param name="EmbeddingModel">Id of the embedding model; empty when the catalog has no vectors.</param>
public sealed record CatalogInfo(string Name, int VisibleProducts, long Generation, string EmbeddingModel);
