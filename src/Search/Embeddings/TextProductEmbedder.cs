using System.Numerics.Tensors;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embeddings.Remote;
using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings;

/// <summary>Embeds products and queries through any text embedding generator. As thread-safe as the generator; failures of the generator pass through.</summary>
/// <param name="generator">The generator; not owned.</param>
/// <param name="modelName">Name and version of its model, as in the index.</param>
/// <param name="dimensions">Length of its vectors, 1 to 4,096.</param>
/// <param name="options">Batches; defaults when null.</param>
/// <param name="time">The clock; the system's when null.</param>
public sealed class TextProductEmbedder(
    IEmbeddingGenerator<string, Embedding<float>> generator, string modelName, int dimensions, TextProductEmbedderOptions? options = null, TimeProvider? time = null) : IProductEmbedder
{
    private readonly string _documentPrefix = options?.DocumentPrefix ?? "";
    private readonly string _queryPrefix = options?.QueryPrefix ?? "";
    private readonly TimeSpan _queryTimeout = options?.QueryTimeout ?? Timeout.InfiniteTimeSpan;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly int _batchSize = InRange(options?.BatchSize ?? 64, 1, TextProductEmbedderOptions.MaxBatchSize, nameof(TextProductEmbedderOptions.BatchSize));
    private readonly int _maxCharacters = InRange(options?.MaxCharacters ?? 4_000, 100, 32_000, nameof(TextProductEmbedderOptions.MaxCharacters));

    /// <summary>The model's name and the version of the text template.</summary>
    public string ModelId { get; } = string.IsNullOrWhiteSpace(modelName) ? throw new ArgumentException("The model needs a name.", nameof(modelName)) : $"{modelName}/{ProductText.Template}";

    /// <inheritdoc/>
    public int Dimensions { get; } = InRange(dimensions, 1, 4_096, nameof(dimensions));

    /// <inheritdoc/>
    public string TextOf(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return Bounded(_documentPrefix + ProductText.Of(product));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The generator gave another number of vectors, or vectors of another length or with values that are not finite.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        var vectors = new List<ReadOnlyMemory<float>>(products.Count);
        foreach (var batch in products.Chunk(_batchSize))
        {
            vectors.AddRange(await EmbedAsync([.. batch.Select(TextOf)], EmbeddingInput.Document, cancellationToken).ConfigureAwait(false));
        }

        return vectors;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">As for products.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="TextProductEmbedderOptions.QueryTimeout"/>.</exception>
    public async ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text))
        {
            return ReadOnlyMemory<float>.Empty;
        }

        using var late = new CancellationTokenSource(_queryTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return (await EmbedAsync([Bounded(_queryPrefix + text)], EmbeddingInput.Query, both.Token).ConfigureAwait(false))[0];
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The query was not embedded within {_queryTimeout.TotalMilliseconds:0} ms.", e);
        }
    }

    private async Task<ReadOnlyMemory<float>[]> EmbedAsync(string[] texts, EmbeddingGenerationOptions input, CancellationToken cancellationToken)
    {
        var embeddings = await generator.GenerateAsync(texts, input, cancellationToken).ConfigureAwait(false);
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
