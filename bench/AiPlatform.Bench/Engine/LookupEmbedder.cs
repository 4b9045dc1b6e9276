using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Engine;

/// <summary>An embedder that looks up vectors made before: products by id, queries by their text. What it does not know has no vector.</summary>
internal sealed class LookupEmbedder(string model, int dimensions, Func<string, float[]?> product, IReadOnlyDictionary<string, float[]> queries) : IProductEmbedder
{
    public string ModelId => model;

    public int Dimensions => dimensions;

    public string TextOf(Product product) => product.Id;

    public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>([.. products.Select(p => (ReadOnlyMemory<float>)(product(p.Id) ?? []))]);

    public ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<float>>(queries.TryGetValue(text, out var vector) ? vector : []);
}
