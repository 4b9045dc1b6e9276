using AiPlatform.McpServer.Mcp.Tools.Comparing;
using AiPlatform.McpServer.Mcp.Tools.Explaining;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Registers the tools, in the order clients list them.</summary>
internal static class ProductTools
{
    public static IServiceCollection AddProductTools(this IServiceCollection services)
    {
        services.AddSingleton<CatalogArgument>();
        services.AddSingleton<UnknownValues>();
        services.AddSingleton<IMcpTool, SearchProductsTool>();
        services.AddSingleton<IMcpTool, GetProductsTool>();
        services.AddSingleton<IMcpTool, CompareProductsTool>();
        services.AddSingleton<IMcpTool, FindSimilarProductsTool>();
        services.AddSingleton<IMcpTool, ListFacetsTool>();
        services.AddSingleton<IMcpTool, SuggestQueriesTool>();
        services.AddSingleton<IMcpTool, WhoAmITool>();
        services.AddSingleton<IMcpTool, ExplainAccessTool>();
        services.AddSingleton<ToolRunner>();
        services.AddSingleton<IMcpFeature, ToolsFeature>();
        return services;
    }
}
