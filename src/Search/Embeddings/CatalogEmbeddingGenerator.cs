using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings;

/// <summary>The catalog's own model as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> over plain texts. A text without a known word gives zeros. Thread-safe.</summary>
/// <param name="embedder">The trained model; not owned.</param>
public sealed class CatalogEmbeddingGenerator(CatalogEmbedder embedder) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("aiplatform.catalog", null, embedder.ModelId, embedder.Dimensions);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Another number of dimensions was asked for.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != embedder.Dimensions)
        {
            throw new ArgumentException($"The catalog model has {embedder.Dimensions} dimensions, not {dimensions}.", nameof(options));
        }

        var result = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var value in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var vector = new float[embedder.Dimensions];
            embedder.TryEmbedQuery(value, vector);
            result.Add(new Embedding<float>(vector) { ModelId = embedder.ModelId });
        }

        return Task.FromResult(result);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(embedder) ? embedder
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing to release.</summary>
    public void Dispose()
    {
    }
}
