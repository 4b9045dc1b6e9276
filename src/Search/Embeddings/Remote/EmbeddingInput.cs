using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Tells a generator what its texts are, for models that embed questions otherwise than what answers them. Travels in the generator's options.</summary>
public static class EmbeddingInput
{
    private const string Key = "aiplatform.input";
    private const string QueryValue = "query";

    /// <summary>Options of a request that embeds products. Not to be changed.</summary>
    public static EmbeddingGenerationOptions Document { get; } = new() { AdditionalProperties = new() { [Key] = "document" } };

    /// <summary>Options of a request that embeds a query. Not to be changed.</summary>
    public static EmbeddingGenerationOptions Query { get; } = new() { AdditionalProperties = new() { [Key] = QueryValue } };

    /// <summary>Whether the texts are queries; otherwise they are products.</summary>
    public static bool IsQuery(EmbeddingGenerationOptions? options) => options?.AdditionalProperties?.TryGetValue(Key, out var value) == true && value is QueryValue;
}
