namespace AiPlatform.Core.Catalog;

/// <summary>A state of a catalog's index, swapped in whole.</summary>
/// <param name="Catalog">The catalog.</param>
/// <param name="Number">Increases with every swap, rollbacks included.</param>
/// <param name="CreatedAt">When it became live.</param>
/// <param name="Products">Live products in it.</param>
/// <param name="EmbeddingModel">Id of its embedding model; empty without vectors.</param>
/// <param name="Dimensions">Dimensions of its vectors; 0 without.</param>
/// <param name="Note">Where it came from, such as the source's name or <c>rollback to 4</c>.</param>
/// <param name="Bytes">Size of its files on disk.</param>
public sealed record GenerationInfo(
    string Catalog,
    long Number,
    DateTimeOffset CreatedAt,
    int Products,
    string EmbeddingModel,
    int Dimensions,
    string Note,
    long Bytes);
