using AiPlatform.Bench.Engine;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Querying;
using AiPlatform.Search.OpenSearch.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Bench.OpenSearch;

/// <summary>The OpenSearch engine, as the platform registers it, over the cluster at <c>OPENSEARCH_URL</c>, in indexes that are removed when the benchmark ends.</summary>
internal sealed class OpenSearchEngine : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly OpenSearchOptions _options;

    public OpenSearchEngine(string folder, IProductEmbedder? embedder)
    {
        _options = new OpenSearchOptions { Nodes = [Url], RequestTimeoutSeconds = 120, IndexPrefix = "bench" + string.Concat(Path.GetFileName(folder).ToLowerInvariant().Where(char.IsAsciiLetterOrDigit))[^6..] };
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        if (embedder is not null)
        {
            services.AddSingleton(embedder);
        }

        services.AddSingleton<IQueryEmbedderSource>(p => new QueryEmbedders(p.GetServices<IProductEmbedder>()));
        _services = services.AddOpenSearch(_options).BuildServiceProvider();
    }

    /// <summary>The cluster.</summary>
    /// <exception cref="InvalidOperationException"><c>OPENSEARCH_URL</c> is not set.</exception>
    public static string Url => Environment.GetEnvironmentVariable("OPENSEARCH_URL") ?? throw new InvalidOperationException("Set OPENSEARCH_URL to the address of a cluster, such as http://127.0.0.1:9200.");

    public ICatalogIndex Index => _services.GetRequiredService<ICatalogIndex>();

    public ICatalogStore Store => _services.GetRequiredService<ICatalogStore>();

    public OpenSearchConnection Connection => _services.GetRequiredService<OpenSearchConnection>();

    public static BenchEngine Open(string folder, IProductEmbedder? embedder)
    {
        var engine = new OpenSearchEngine(folder, embedder);
        return new BenchEngine(engine.Index, engine.Store, engine);
    }

    /// <summary>The same catalogs, asked through a handler that records.</summary>
    public BenchEngine Recorded(RecordingHandler recorder)
    {
        var connection = new OpenSearchConnection(_options, recorder, signer: null, TimeProvider.System, NullLogger.Instance);
        var index = new OpenSearchCatalogIndex(connection, _services.GetRequiredService<ILiveIndexes>(), _options.Ranking, TimeProvider.System, NullLogger<OpenSearchCatalogIndex>.Instance);
        return new BenchEngine(index, Store, connection);
    }

    public void Dispose()
    {
        RemoveAsync().GetAwaiter().GetResult();
        _services.Dispose();
    }

    private async Task RemoveAsync()
    {
        using var answer = await Connection.SendAsync(OpenSearchRequest.Get($"/_cat/indices/{_options.IndexPrefix}-*?format=json&h=index&expand_wildcards=all"), default).ConfigureAwait(false);
        foreach (var index in answer.Root.EnumerateArray().Select(i => i.GetProperty("index").GetString()!).ToList())
        {
            (await Connection.SendAsync(HttpMethod.Delete, $"/{index}?ignore_unavailable=true", default, idempotent: true, default).ConfigureAwait(false)).Dispose();
        }
    }
}
