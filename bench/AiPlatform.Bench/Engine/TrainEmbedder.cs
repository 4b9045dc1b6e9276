using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Engine;

/// <summary>Trains the default generator on a catalog, as indexing does: on the products that everyone sees.</summary>
internal delegate Task<IProductEmbedder> TrainEmbedder(IReadOnlyList<Product> products, string analyzer, CancellationToken cancellationToken);
