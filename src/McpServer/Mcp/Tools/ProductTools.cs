namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Registers the tools, in the order clients list them.</summary>
internal static class ProductTools
{
    public static IServiceCollection AddProductTools(this IServiceCollection services)
    {
        services.AddSingleton<CatalogArgument>();
        services.AddSingleton<IProductTool, SearchProductsTool>();
        services.AddSingleton<IProductTool, GetProductsTool>();
        services.AddSingleton<IProductTool, FindSimilarProductsTool>();
        services.AddSingleton<IProductTool, ListFacetsTool>();
        services.AddSingleton<IProductTool, SuggestQueriesTool>();
        services.AddSingleton<IProductTool, WhoAmITool>();
        services.AddSingleton<ToolRunner>();
        return services;
    }
}
