using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Embeddings;
using EmbeddingGenerationOptions = Microsoft.Extensions.AI.EmbeddingGenerationOptions;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Embeds through <c>/v1/embeddings</c> of OpenAI or of a service that answers as it does. One request a call, made once. Thread-safe.</summary>
internal sealed class OpenAiEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string OpenAi = "https://api.openai.com/v1";

    private readonly EmbeddingClient _client;
    private readonly int? _requestedDimensions;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly TimeProvider _time;

    /// <param name="options">Model, address and lengths.</param>
    /// <param name="key">Key of the service; empty for none.</param>
    /// <param name="http">Connects; not owned.</param>
    /// <param name="time">The clock.</param>
    public OpenAiEmbeddings(RemoteModel options, string key, HttpClient http, TimeProvider time)
    {
        var settings = new OpenAIClientOptions
        {
            Endpoint = new Uri(options.BaseUrl.Length > 0 ? options.BaseUrl : OpenAi),
            Transport = new HttpClientPipelineTransport(http),
            // Repeated and timed outside, where failures are counted.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        if (key.Length == 0)
        {
            settings.AddPolicy(new NoKey(), PipelinePosition.BeforeTransport);
        }

        _client = new EmbeddingClient(options.Name, new ApiKeyCredential(key.Length > 0 ? key : "none"), settings);
        _requestedDimensions = options.RequestDimensions ? options.Dimensions : null;
        _metadata = new EmbeddingGeneratorMetadata("openai", settings.Endpoint, options.Name, options.Dimensions);
        _time = time;
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        try
        {
            // The client writes the texts into its options: two requests must never share them.
            var request = new OpenAI.Embeddings.EmbeddingGenerationOptions { Dimensions = _requestedDimensions };
            var answer = (await _client.GenerateEmbeddingsAsync(texts, request, cancellationToken).ConfigureAwait(false)).Value;
            var vectors = new Embedding<float>[texts.Count];
            foreach (var embedding in answer)
            {
                if (embedding.Index < 0 || embedding.Index >= vectors.Length || vectors[embedding.Index] is not null)
                {
                    throw EmbeddingException.Malformed($"a vector of index {embedding.Index} for {texts.Count} texts");
                }

                vectors[embedding.Index] = new Embedding<float>(embedding.ToFloats());
            }

            return Array.IndexOf(vectors, null) < 0
                ? new GeneratedEmbeddings<Embedding<float>>(vectors) { Usage = new UsageDetails { InputTokenCount = answer.Usage?.InputTokenCount } }
                : throw EmbeddingException.Malformed($"{answer.Count} vectors for {texts.Count} texts");
        }
        catch (ClientResultException e) when (e.Status == 0)
        {
            throw EmbeddingException.Unreachable((e.InnerException ?? e).Message, e);
        }
        catch (ClientResultException e)
        {
            throw EmbeddingException.OfStatus(e.Status, e.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var asked) == true ? asked : null, _time.GetUtcNow(), e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException or NullReferenceException)
        {
            throw EmbeddingException.Malformed("it is no list of embeddings", e);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>Sends no key, where the client insists on one: a service of one's own may want none.</summary>
    private sealed class NoKey : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
