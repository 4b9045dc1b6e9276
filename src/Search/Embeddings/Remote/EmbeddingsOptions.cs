using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Where vectors come from: the section <c>Embeddings</c>. Indexer and server must agree on it.</summary>
public sealed class EmbeddingsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Embeddings";

    /// <summary>Where vectors come from. Default: the catalog's own model.</summary>
    public EmbeddingsProvider Provider { get; set; }

    /// <summary>Name of the model, such as <c>text-embedding-3-small</c> or <c>amazon.titan-embed-text-v2:0</c>. Required for a service.</summary>
    public string Model { get; set; } = "";

    /// <summary>Length of the vectors. Default 0: the model's own, where it is known (<see cref="EmbeddingModels"/>); otherwise required.</summary>
    [Range(0, 4_096)]
    public int Dimensions { get; set; }

    /// <summary>Whether the service is asked for vectors of <see cref="Dimensions"/>, which models of OpenAI and newer ones can cut. Default: null, which means true for models known to be able to.</summary>
    public bool? RequestDimensions { get; set; }

    /// <summary>Where the service is. Default: empty, <c>https://api.openai.com/v1</c> or Bedrock in <see cref="Region"/>.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Key of the service, sent as bearer token; never logged. Default: empty: none for OpenAI-compatible services, the AWS chain for Bedrock.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>File that holds the key, instead of <see cref="ApiKey"/>; read at start. Default: empty.</summary>
    public string ApiKeyFile { get; set; } = "";

    /// <summary>AWS region of Bedrock. Default <c>us-east-1</c>.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Texts of one request at most; fewer where the model takes fewer (Titan 1, Cohere 96). Default 64.</summary>
    [Range(1, 2_048)]
    public int BatchSize { get; set; } = 64;

    /// <summary>Requests of reindexes under way at once. Default 4.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;

    /// <summary>Characters of one text; the rest is cut off. Default 4,000.</summary>
    [Range(100, 32_000)]
    public int MaxCharacters { get; set; } = 4_000;

    /// <summary>Put in front of a product's text, for models that want it, such as <c>passage: </c>. A change embeds everything anew. Default: empty.</summary>
    [MaxLength(200)]
    public string DocumentPrefix { get; set; } = "";

    /// <summary>Put in front of a query, for models that want it, such as <c>query: </c>. Default: empty.</summary>
    [MaxLength(200)]
    public string QueryPrefix { get; set; } = "";

    /// <summary>US dollars of a million tokens, for the cost in reports and metrics. Default 0: tokens are counted, cost is not.</summary>
    [Range(0, 1_000_000)]
    public decimal PricePerMillionTokens { get; set; }

    /// <summary>Seconds one request of a reindex may take. Default 60.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Milliseconds a query waits for its vector, retries included; then words alone answer, and the answer says so. Default 1,000.</summary>
    [Range(10, 60_000)]
    public int QueryTimeoutMilliseconds { get; set; } = 1_000;

    /// <summary>Tries behind one that failed for a reason that may pass (429, 5xx, timeouts, broken connections). Default 6.</summary>
    [Range(0, 20)]
    public int Retries { get; set; } = 6;

    /// <summary>Milliseconds of the pause behind the first failure; doubles. A longer Retry-After is waited for, up to 60 seconds. Default 500.</summary>
    [Range(1, 60_000)]
    public int FirstPauseMilliseconds { get; set; } = 500;

    /// <summary>Whether vectors come from a service.</summary>
    public bool IsRemote => Provider is EmbeddingsProvider.OpenAi or EmbeddingsProvider.Bedrock;
}
