using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>What an embedder may be made from.</summary>
/// <param name="Catalog">The catalog.</param>
/// <param name="Previous">The generation the build starts from: for its attachments and its products' digests. Nothing is to be written to it.</param>
/// <param name="PublicProducts">The new products that everyone sees, the only ones a model may learn from. Streams from disk; may be enumerated several times.</param>
/// <param name="PublicCount">How many there are.</param>
/// <param name="ChangedShare">The share of them, 0 to 1, that are new or changed against the previous generation.</param>
/// <param name="Retrain">Whether a model of the previous generation must not be used again.</param>
public sealed record EmbedderRequest(
    string Catalog, ICatalogBuild Previous, IEnumerable<Product> PublicProducts, int PublicCount, double ChangedShare, bool Retrain);
