namespace AiPlatform.McpServer.Mcp.Completions;

/// <summary>Registers completions.</summary>
internal static class CompletionServices
{
    public static IServiceCollection AddCompletions(this IServiceCollection services)
    {
        services.AddSingleton<ProductIds>();
        services.AddSingleton<ArgumentValues>();
        services.AddSingleton<IMcpFeature, CompletionsFeature>();
        return services;
    }
}
