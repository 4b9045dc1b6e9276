namespace AiPlatform.Core.Catalog;

/// <summary>Turns products and queries into vectors of one space, over an <c>IEmbeddingGenerator</c>. Thread-safe once made.</summary>
public interface IProductEmbedder
{
    /// <summary>Id of model, version and text template: vectors of different ids are never compared.</summary>
    string ModelId { get; }

    /// <summary>Length of the vectors.</summary>
    int Dimensions { get; }

    /// <summary>The text a product is embedded by; hashed with <see cref="ModelId"/> to tell whether its vector must be made again.</summary>
    string TextOf(Product product);

    /// <summary>Vectors of products, L2-normalised, one for each in order. A product without any known word has an empty vector.</summary>
    ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken);

    /// <summary>The vector of a query, L2-normalised; empty when the query has no known word.</summary>
    ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken);
}
