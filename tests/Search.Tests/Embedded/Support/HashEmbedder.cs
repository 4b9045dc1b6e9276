using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;

namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>Vectors that depend on the text alone and say nothing: for tests of what the vector leg may show, not of what it is good for.</summary>
internal sealed class HashEmbedder : IProductEmbedder, IQueryEmbedderSource
{
    public string ModelId => "hash";

    public int Dimensions => 64;

    public string TextOf(Product product) => product.Id + product.Name;

    public IProductEmbedder? Find(string modelId, Func<string, byte[]?> attachments) => modelId == ModelId ? this : null;

    public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>([.. products.Select(p => new ReadOnlyMemory<float>(Vector(TextOf(p))))]);

    public ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult<ReadOnlyMemory<float>>(Vector(text));

    public float[] Vector(string text)
    {
        var seed = text.Aggregate(17, (h, c) => unchecked((h * 31) + c));
        var random = new Random(seed);
        var vector = Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() - .5)).ToArray();
        var length = MathF.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v / length)];
    }
}
