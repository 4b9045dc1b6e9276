using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Amazon Titan Text Embeddings V2 on Bedrock: one text a request. Questions and answers are embedded alike. Thread-safe.</summary>
internal sealed class TitanEmbeddings(BedrockClient client, RemoteModel model) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Texts of one request.</summary>
    public const int MaxTexts = 1;

    private readonly EmbeddingGeneratorMetadata _metadata = new("aws.bedrock", client.Url, model.Name, model.Dimensions);

    /// <exception cref="ArgumentException">There is more than one text.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var text = values.Single();
        var (answer, tokens) = await client.InvokeAsync(
            new { inputText = text, dimensions = model.Dimensions, normalize = true },
            root => (Vector: BedrockClient.Vector(root.GetProperty("embedding")), Tokens: root.TryGetProperty("inputTextTokenCount", out var count) ? count.GetInt64() : (long?)null),
            cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>([new Embedding<float>(answer.Vector)]) { Usage = new UsageDetails { InputTokenCount = answer.Tokens ?? tokens } };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
