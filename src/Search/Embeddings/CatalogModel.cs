namespace AiPlatform.Search.Embeddings;

/// <summary>What training learns: a vector a term, centroids, and which products it learned from. Immutable.</summary>
internal sealed record CatalogModel
{
    /// <summary>Name of the analyzer the terms are made by.</summary>
    public required string Analyzer { get; init; }

    /// <summary>Weights of the fields.</summary>
    public required FieldWeights Weights { get; init; }

    /// <summary>Length of the vectors.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Terms, ascending by ordinal.</summary>
    public required string[] Terms { get; init; }

    /// <summary>For each term what its codes are worth, its inverse document frequency included.</summary>
    public required float[] TermScales { get; init; }

    /// <summary>A row of signed bytes a term, <see cref="Dimensions"/> long.</summary>
    public required sbyte[] TermCodes { get; init; }

    /// <summary>Centroids of clusters, rows of <see cref="Dimensions"/> floats.</summary>
    public required DenseMatrix Centroids { get; init; }

    /// <summary>Hashes of the ids of the products learned from, ascending.</summary>
    public required ulong[] TrainingProducts { get; init; }

    /// <summary>Hash of the text of each of them, in the same order.</summary>
    public required ulong[] TrainingTexts { get; init; }

    /// <summary>Products visible to everyone when it was trained, learned from or not.</summary>
    public required int PublicProducts { get; init; }
}
