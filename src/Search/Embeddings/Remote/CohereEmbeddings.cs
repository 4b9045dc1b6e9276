using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Cohere Embed on Bedrock: up to 96 texts a request; queries are told from documents. Thread-safe.</summary>
internal sealed class CohereEmbeddings(BedrockClient client, RemoteModel model) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Texts of one request.</summary>
    public const int MaxTexts = 96;

    /// <summary>Characters of one text that Bedrock takes for models of version 3.</summary>
    private const int MaxCharacters = 2_048;

    private readonly EmbeddingGeneratorMetadata _metadata = new("aws.bedrock", client.Url, model.Name, model.Dimensions);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new Dictionary<string, object>
        {
            ["texts"] = values.Select(t => t[..ProductText.Cut(t, MaxCharacters)]).ToList(),
            ["input_type"] = EmbeddingInput.IsQuery(options) ? "search_query" : "search_document",
            ["truncate"] = "END",
            ["embedding_types"] = new[] { "float" },
        };
        if (model.RequestDimensions)
        {
            request["output_dimension"] = model.Dimensions;
        }

        var (vectors, tokens) = await client.InvokeAsync(request, Vectors, cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(vectors) { Usage = new UsageDetails { InputTokenCount = tokens } };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>Lists by type where types were asked for, a plain list from models that do not know them.</summary>
    private static List<Embedding<float>> Vectors(JsonElement root)
    {
        var lists = root.GetProperty("embeddings");
        var floats = lists.ValueKind == JsonValueKind.Object ? lists.GetProperty("float") : lists;
        return [.. floats.EnumerateArray().Select(v => new Embedding<float>(BedrockClient.Vector(v)))];
    }
}
