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
        services.AddSingleton<IMcpTool, FindSimilarProductsTool>();
        services.AddSingleton<IMcpTool, ListFacetsTool>();
        services.AddSingleton<IMcpTool, SuggestQueriesTool>();
        services.AddSingleton<IMcpTool, WhoAmITool>();
        services.AddSingleton<ToolRunner>();
        services.AddSingleton<IMcpFeature, ToolsFeature>();
        return services;
    }
}
