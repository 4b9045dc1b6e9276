namespace AiPlatform.Search.Embeddings;

/// <summary>How products are sent to an embedding generator.</summary>
public sealed class TextProductEmbedderOptions
{
    /// <summary>Texts of one request. Default 64, 1 to 2,048.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>Characters of one text; the rest is cut off. Default 4,000, 100 to 32,000.</summary>
    public int MaxCharacters { get; set; } = 4_000;
}
