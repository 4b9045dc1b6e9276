using System.Security.Cryptography;
using AiPlatform.Core.Catalog;
using Amazon.Runtime;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>
/// The embedding service of the settings: makes embedders for indexing, each with its own count, and holds the one for queries. Nothing is asked of the service before
/// something is embedded. Thread-safe.
/// </summary>
public sealed class RemoteEmbeddings : IDisposable
{
    /// <summary>Name of the HTTP client that is used.</summary>
    public const string HttpClientName = "embeddings";

    private const int Chances = 1_000;
    private const string ProbeText = "red garden chair";

    private readonly EmbeddingsOptions _options;
    private readonly RemoteModel _model;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _service;
    private readonly SemaphoreSlim _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="options">The settings, of a service (<see cref="EmbeddingsOptions.IsRemote"/>).</param>
    /// <param name="http">Makes the client of name <see cref="HttpClientName"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of tries that failed.</param>
    /// <exception cref="IOException">The file of the key cannot be read.</exception>
    public RemoteEmbeddings(IOptions<EmbeddingsOptions> options, IHttpClientFactory http, TimeProvider time, ILogger<RemoteEmbeddings> logger)
        : this((options ?? throw new ArgumentNullException(nameof(options))).Value, (http ?? throw new ArgumentNullException(nameof(http))).CreateClient(HttpClientName), null, time, logger)
    {
    }

    internal RemoteEmbeddings(EmbeddingsOptions options, HttpClient http, AWSCredentials? credentials, TimeProvider time, ILogger logger)
    {
        if (!options.IsRemote)
        {
            throw new ArgumentException("The settings name no service.", nameof(options));
        }

        (_options, _time, _logger) = (options, time, logger);
        _model = RemoteModel.Of(options);
        _gate = new SemaphoreSlim(options.Concurrency);
        _service = Service(options, _model, http, credentials, time);
        var counted = new CountedEmbeddings(new CheckedEmbeddings(_service, _model), _model, options.PricePerMillionTokens, time);
        Queries = Embedder(Retried(counted));
    }

    /// <summary>Embeds queries, within <see cref="EmbeddingsOptions.QueryTimeoutMilliseconds"/>.</summary>
    public IProductEmbedder Queries { get; }

    /// <summary>Stands for all that the vectors of products depend on beside their texts.</summary>
    public string Key => $"{Queries.ModelId}|{_options.MaxCharacters}|{_options.DocumentPrefix}";

    /// <summary>Makes an embedder of products after one request that shows that the service answers with vectors of the right length.</summary>
    /// <returns>The embedder, and what tells how much it has asked for.</returns>
    /// <exception cref="EmbeddingException">The service does not answer, or otherwise than it should.</exception>
    public async Task<(IProductEmbedder Embedder, Func<EmbeddingUsage> Usage)> PrepareAsync(CancellationToken cancellationToken)
    {
        var counted = new CountedEmbeddings(new CheckedEmbeddings(_service, _model), _model, _options.PricePerMillionTokens, _time);
        var retried = Retried(counted);
        await retried.GenerateAsync([ProbeText], EmbeddingInput.Document, cancellationToken).ConfigureAwait(false);
        return (Embedder(new BatchedEmbeddings(retried, Math.Min(_options.BatchSize, MaxTexts), _options.Concurrency, _gate)), () => counted.Usage);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gate.Dispose();
        _service.Dispose();
    }

    private int MaxTexts => _service switch
    {
        TitanEmbeddings => TitanEmbeddings.MaxTexts,
        CohereEmbeddings => CohereEmbeddings.MaxTexts,
        _ => int.MaxValue,
    };

    private static IEmbeddingGenerator<string, Embedding<float>> Service(EmbeddingsOptions options, RemoteModel model, HttpClient http, AWSCredentials? credentials, TimeProvider time)
    {
        var key = options.ApiKeyFile.Length > 0 ? File.ReadAllText(options.ApiKeyFile).Trim() : options.ApiKey;
        if (options.Provider == EmbeddingsProvider.OpenAi)
        {
            return new OpenAiEmbeddings(model, key, http, time);
        }

        var bedrock = new BedrockClient(model, options.Region, key, credentials, http, time);
        return EmbeddingModels.IsTitan(model.Name) ? new TitanEmbeddings(bedrock, model) : new CohereEmbeddings(bedrock, model);
    }

    private RetriedEmbeddings Retried(IEmbeddingGenerator<string, Embedding<float>> inner) =>
        new(inner, _options, () => RandomNumberGenerator.GetInt32(Chances) / (double)Chances, _time, _logger);

    private TextProductEmbedder Embedder(IEmbeddingGenerator<string, Embedding<float>> generator) => new(
        generator,
        _model.Id,
        _model.Dimensions,
        new TextProductEmbedderOptions
        {
            // Requests are cut to size behind it.
            BatchSize = TextProductEmbedderOptions.MaxBatchSize,
            MaxCharacters = _options.MaxCharacters,
            DocumentPrefix = _options.DocumentPrefix,
            QueryPrefix = _options.QueryPrefix,
            QueryTimeout = TimeSpan.FromMilliseconds(_options.QueryTimeoutMilliseconds),
        },
        _time);
}
