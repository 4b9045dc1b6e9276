using System.Numerics.Tensors;
using AiPlatform.Core.Catalog;
using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings;

/// <summary>Embeds products and queries through any text embedding generator. As thread-safe as the generator; failures of the generator pass through.</summary>
/// <param name="generator">The generator; not owned.</param>
/// <param name="modelName">Name and version of its model, as in the index.</param>
/// <param name="dimensions">Length of its vectors, 1 to 4,096.</param>
/// <param name="options">Batches; defaults when null.</param>
public sealed class TextProductEmbedder(IEmbeddingGenerator<string, Embedding<float>> generator, string modelName, int dimensions, TextProductEmbedderOptions? options = null) : IProductEmbedder
{
    private readonly int _batchSize = InRange(options?.BatchSize ?? 64, 1, 2_048, nameof(TextProductEmbedderOptions.BatchSize));
    private readonly int _maxCharacters = InRange(options?.MaxCharacters ?? 4_000, 100, 32_000, nameof(TextProductEmbedderOptions.MaxCharacters));

    /// <summary>The model's name and the version of the text template.</summary>
    public string ModelId { get; } = string.IsNullOrWhiteSpace(modelName) ? throw new ArgumentException("The model needs a name.", nameof(modelName)) : $"{modelName}/{ProductText.Template}";

    /// <inheritdoc/>
    public int Dimensions { get; } = InRange(dimensions, 1, 4_096, nameof(dimensions));

    /// <inheritdoc/>
    public string TextOf(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return Bounded(ProductText.Of(product));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The generator gave another number of vectors, or vectors of another length or with values that are not finite.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        var vectors = new List<ReadOnlyMemory<float>>(products.Count);
        foreach (var batch in products.Chunk(_batchSize))
        {
            vectors.AddRange(await EmbedAsync([.. batch.Select(TextOf)], cancellationToken).ConfigureAwait(false));
        }

        return vectors;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">As for products.</exception>
    public async ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text) ? ReadOnlyMemory<float>.Empty : (await EmbedAsync([Bounded(text)], cancellationToken).ConfigureAwait(false))[0];
    }

    private async Task<ReadOnlyMemory<float>[]> EmbedAsync(string[] texts, CancellationToken cancellationToken)
    {
        var embeddings = await generator.GenerateAsync(texts, cancellationToken: cancellationToken).ConfigureAwait(false);
        return embeddings.Count == texts.Length
            ? [.. embeddings.Select(e => Normalized(e.Vector))]
            : throw new InvalidOperationException($"The embedding generator gave {embeddings.Count} vectors for {texts.Length} texts.");
    }

    private ReadOnlyMemory<float> Normalized(ReadOnlyMemory<float> vector)
    {
        if (vector.Length != Dimensions)
        {
            throw new InvalidOperationException($"The embedding generator gave a vector of {vector.Length} dimensions, not {Dimensions}: set the model's dimensions or choose another model.");
        }

        var norm = TensorPrimitives.Norm(vector.Span);
        if (!float.IsFinite(norm))
        {
            throw new InvalidOperationException("The embedding generator gave a vector with values that are not finite.");
        }

        // A zero vector points nowhere: the text said nothing to the model.
        if (norm < 1e-12f)
        {
            return ReadOnlyMemory<float>.Empty;
        }

        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector.Span, norm, unit);
        return unit;
    }

    private string Bounded(string text) => text[..ProductText.Cut(text, _maxCharacters)];

    private static int InRange(int value, int least, int most, string name) =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"Use {least} to {most}.");
}
