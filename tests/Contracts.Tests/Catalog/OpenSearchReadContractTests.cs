using AiPlatform.Contracts.Tests.OpenSearch;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Ranking;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Contracts.Tests.Catalog;

[CoversCatalog(typeof(OpenSearchCatalogIndex))]
public sealed class OpenSearchReadContractTests : CatalogContract
{
    private OpenSearchConnection? _connection;
    private StagedCatalogs? _catalogs;

    internal override Task<(ICatalogIndex Index, ICatalogStore Store)> OpenAsync()
    {
        var options = new OpenSearchOptions { Nodes = [Environment.GetEnvironmentVariable("OPENSEARCH_URL")!], RequestTimeoutSeconds = 60 };
        _connection = new OpenSearchConnection(options, TimeProvider.System, NullLogger<OpenSearchConnection>.Instance);
        _catalogs = new StagedCatalogs(_connection, "t" + Guid.NewGuid().ToString("n")[..12]);
        var index = new OpenSearchCatalogIndex(_connection, _catalogs, new RankingOptions(), TimeProvider.System, NullLogger<OpenSearchCatalogIndex>.Instance);
        return Task.FromResult<(ICatalogIndex, ICatalogStore)>((index, _catalogs));
    }

    internal override async Task CloseAsync()
    {
        await _catalogs!.DisposeAsync();
        _connection!.Dispose();
    }
}
