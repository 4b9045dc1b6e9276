namespace AiPlatform.Core.Catalog;

/// <summary>What a build is to make.</summary>
/// <param name="Catalog">Catalog name: 1 to 64 of <c>a-z 0-9 - _</c>, starting with a letter or digit.</param>
/// <param name="Note">Where the data comes from, kept with the generation.</param>
/// <param name="Analyzer">Text analyzer: <c>english</c> or <c>plain</c>. A change rewrites the whole index.</param>
/// <param name="EmbeddingModel">Id of the embedding model; empty for an index without vectors.</param>
/// <param name="Dimensions">Dimensions of the vectors; 0 without.</param>
public sealed record CatalogBuildRequest(string Catalog, string Note, string Analyzer, string EmbeddingModel, int Dimensions)
{
    /// <summary>Whether what is live and not written stays: such a build is refused at once where the live generation cannot be read. Default false.</summary>
    public bool Incremental { get; init; }
}
