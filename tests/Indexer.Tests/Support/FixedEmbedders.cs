using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>A stand-in for a remote model: counts what it is given, and fails as told.</summary>
internal sealed class FixedEmbedders(string modelId, int dimensions) : IEmbedderProvider, IProductEmbedder
{
    private int _calls;
    private int _products;

    public string ModelId => modelId;

    public int Dimensions => dimensions;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Products embedded.</summary>
    public int Products => Volatile.Read(ref _products);

    /// <summary>Called with the number of the call, from 1, before it answers.</summary>
    public Action<int> Before { get; init; } = _ => { };

    /// <summary>Changes the answer.</summary>
    public Func<IReadOnlyList<ReadOnlyMemory<float>>, IReadOnlyList<ReadOnlyMemory<float>>> Answer { get; init; } = a => a;

    public ValueTask<PreparedEmbedder?> PrepareAsync(EmbedderRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<PreparedEmbedder?>(new PreparedEmbedder(this, null, default, Reused: true));

    public string TextOf(Product product) => $"{product.Name} {product.Description}";

    public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        Before(Interlocked.Increment(ref _calls));
        Interlocked.Add(ref _products, products.Count);
        return ValueTask.FromResult(Answer([.. products.Select(p => Vector(TextOf(p)))]));
    }

    public ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(Vector(text));

    private ReadOnlyMemory<float> Vector(string text)
    {
        var vector = new float[dimensions];
        vector[text.Sum(c => c) % dimensions] = 1;
        return vector;
    }
}
