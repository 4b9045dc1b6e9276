using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.McpServer.Mcp.Tools.Reindexing;
using AiPlatform.Search;
using AiPlatform.Storage;

namespace AiPlatform.McpServer.Hosting;

/// <summary>The platform behind the server: keys and audit, policy, the index and the worker that fills it.</summary>
internal static class PlatformServices
{
    public static void Add(WebApplicationBuilder builder)
    {
        // Before anything writes into it.
        DataFolder.Create(ServerPaths.Data(builder.Configuration));
        var services = builder.Services;
        services.AddAiPlatformStorage(builder.Configuration);
        services.AddAiPlatformPolicyFile(builder.Configuration);
        services.AddEmbedders(builder.Configuration);
        services.AddCatalogEngine(builder.Configuration, ServerPaths.Catalogs(builder.Configuration));
        services.AddSources(builder.Configuration);
        services.AddReindexGates();
        services.AddSingleton<ReindexJob>();
        services.AddReindexTools(builder.Configuration);
        services.AddReindexWorker(builder.Configuration);
        services.AddSingleton<SampleCatalog>();
        services.AddSingleton<DemoKeys>();
        services.AddHostedService<FirstStart>();
    }
}
