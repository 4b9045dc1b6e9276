using AiPlatform.Bench.Engine;
using AiPlatform.Contracts.Tests.OpenSearch;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Ranking;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Bench.OpenSearch;

/// <summary>The OpenSearch engine over the cluster at <c>OPENSEARCH_URL</c>, in indexes that are removed when the benchmark ends.</summary>
internal static class OpenSearchEngine
{
    public static BenchEngine Open(string folder, IProductEmbedder? embedder)
    {
        var connection = Connect();
        var catalogs = new StagedCatalogs(connection, "bench" + Path.GetFileName(folder).ToLowerInvariant().Replace("-", "", StringComparison.Ordinal), embedder);
        var index = new OpenSearchCatalogIndex(connection, catalogs, new RankingOptions(), TimeProvider.System, NullLogger<OpenSearchCatalogIndex>.Instance);
        return new BenchEngine(index, catalogs, new Owner(connection, catalogs));
    }

    /// <summary>A connection to the cluster.</summary>
    /// <exception cref="InvalidOperationException"><c>OPENSEARCH_URL</c> is not set.</exception>
    public static OpenSearchConnection Connect()
    {
        var url = Environment.GetEnvironmentVariable("OPENSEARCH_URL") ?? throw new InvalidOperationException("Set OPENSEARCH_URL to the address of a cluster, such as http://127.0.0.1:9200.");
        return new OpenSearchConnection(new OpenSearchOptions { Nodes = [url], RequestTimeoutSeconds = 120 }, TimeProvider.System, NullLogger<OpenSearchConnection>.Instance);
    }

    private sealed class Owner(OpenSearchConnection connection, StagedCatalogs catalogs) : IDisposable
    {
        public void Dispose()
        {
            catalogs.DisposeAsync().AsTask().GetAwaiter().GetResult();
            connection.Dispose();
        }
    }
}
