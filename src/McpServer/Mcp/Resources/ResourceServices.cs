namespace AiPlatform.McpServer.Mcp.Resources;

/// <summary>Registers the resources.</summary>
internal static class ResourceServices
{
    public static IServiceCollection AddResources(this IServiceCollection services)
    {
        services.AddSingleton<McpFailures>();
        services.AddSingleton<ResourceReader>();
        services.AddSingleton<ResourceList>();
        services.AddSingleton<IMcpFeature, ResourcesFeature>();
        return services;
    }
}
