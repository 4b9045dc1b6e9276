namespace AiPlatform.McpServer.Mcp.Prompts;

/// <summary>Registers the prompts, in the order clients list them.</summary>
internal static class PromptServices
{
    public static IServiceCollection AddPrompts(this IServiceCollection services)
    {
        services.AddSingleton<PromptSubject>();
        services.AddSingleton<IMcpPrompt, FindProductPrompt>();
        services.AddSingleton<IMcpPrompt, CompareProductsPrompt>();
        services.AddSingleton<IMcpPrompt, ComplementProductPrompt>();
        services.AddSingleton<PromptLibrary>();
        services.AddSingleton<IMcpFeature, PromptsFeature>();
        return services;
    }
}
