using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>What an embedder may be made from.</summary>
/// <param name="Catalog">The catalog.</param>
/// <param name="Analyzer">The catalog's text analyzer: <c>english</c> or <c>plain</c>.</param>
/// <param name="Previous">The generation the build starts from, for its attachments. Nothing is to be written to it.</param>
/// <param name="PublicProducts">The new products that everyone sees, the only ones a model may learn from. Streams from disk; may be enumerated several times.</param>
/// <param name="Retrain">Whether a model of the previous generation must not be used again.</param>
public sealed record EmbedderRequest(string Catalog, string Analyzer, ICatalogBuild Previous, IEnumerable<Product> PublicProducts, bool Retrain)
{
    /// <summary>Whether the products are changes only and not the whole catalog: the model of the previous generation stays, whatever they are. Default false.</summary>
    public bool Incremental { get; init; }
}
