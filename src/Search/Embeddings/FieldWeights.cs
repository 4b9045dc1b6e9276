namespace AiPlatform.Search.Embeddings;

/// <summary>How much a word counts by the field it stands in. Zero or more, finite.</summary>
public sealed record FieldWeights
{
    /// <summary>The name up to its first comma, dash, bar or bracket: what the thing is. Default 6.</summary>
    public float NameHead { get; init; } = 6;

    /// <summary>The rest of the name. Default 3.</summary>
    public float NameTail { get; init; } = 3;

    /// <summary>The class. Default 3.</summary>
    public float Class { get; init; } = 3;

    /// <summary>Every level of the category path. Default 1.</summary>
    public float Category { get; init; } = 1;

    /// <summary>The brand. Default 3.</summary>
    public float Brand { get; init; } = 3;

    /// <summary>The description. Default .6.</summary>
    public float Description { get; init; } = .6f;

    /// <summary>Values of specifications. Default .3.</summary>
    public float Specifications { get; init; } = .3f;
}
