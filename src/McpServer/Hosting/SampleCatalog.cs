using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.McpServer.Hosting;

/// <summary>The catalog the demo starts with.</summary>
internal sealed class SampleCatalog(ICatalogStore store, ReindexJob job, AccessScope.Issuer issuer, IConfiguration configuration, ILogger<SampleCatalog> logger)
{
    /// <summary>Its name.</summary>
    public const string Name = "sample";

    /// <summary>Indexes the sample unless that has been done.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var system = issuer.IssueSystem("sample-catalog", "index the sample catalog at the first start");
        if ((await store.ListGenerationsAsync(system, Name, cancellationToken)).Count > 0)
        {
            return;
        }

        if (!File.Exists(ServerPaths.SampleProducts))
        {
            Log.SampleMissing(logger, ServerPaths.SampleProducts);
            return;
        }

        Log.SampleIndexing(logger, ServerPaths.SampleProducts);
        var report = await job.RunAsync(
            system,
            new ReindexRequest
            {
                SourcePath = ServerPaths.SampleProducts,
                Mapping = await MappingReader.ReadAsync(ServerPaths.SampleMapping, cancellationToken),
                Catalog = Name,
                DataDirectory = ServerPaths.Data(configuration),
            },
            progress: null,
            cancellationToken);
        Log.SampleIndexed(logger, report.Accepted);
    }
}
