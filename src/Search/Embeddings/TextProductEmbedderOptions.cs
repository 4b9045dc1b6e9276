namespace AiPlatform.Search.Embeddings;

/// <summary>How products and queries are sent to an embedding generator.</summary>
public sealed class TextProductEmbedderOptions
{
    /// <summary>The most that <see cref="BatchSize"/> may be.</summary>
    public const int MaxBatchSize = 2_048;

    /// <summary>Texts of one request. Default 64, 1 to 2,048.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>Characters of one text; the rest is cut off. Default 4,000, 100 to 32,000.</summary>
    public int MaxCharacters { get; set; } = 4_000;

    /// <summary>Put in front of a product's text. Default: empty.</summary>
    public string DocumentPrefix { get; set; } = "";

    /// <summary>Put in front of a query. Default: empty.</summary>
    public string QueryPrefix { get; set; } = "";

    /// <summary>How long a query may take. Default: no bound.</summary>
    public TimeSpan QueryTimeout { get; set; } = Timeout.InfiniteTimeSpan;
}
