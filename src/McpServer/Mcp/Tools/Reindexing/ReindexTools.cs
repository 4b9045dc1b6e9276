using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Hosting;
using AiPlatform.McpServer.Mcp.Tasks;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Registers reindexing: the jobs and the tools over them, in the order clients list them.</summary>
internal static class ReindexTools
{
    /// <summary>Needs the catalog store and the store of jobs besides what every server has.</summary>
    public static IServiceCollection AddReindexTools(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddReindexJobs(configuration, ServerPaths.Data(configuration));
        services.AddSingleton<ReindexTasks>();
        services.AddSingleton<IMcpTaskSource>(provider => provider.GetRequiredService<ReindexTasks>());
        services.AddSingleton<IMcpTool, StartReindexTool>();
        services.AddSingleton<IMcpTool, GetReindexTool>();
        services.AddSingleton<IMcpTool, CancelReindexTool>();
        services.AddSingleton<IMcpTool, RollbackIndexTool>();
        return services;
    }
}
