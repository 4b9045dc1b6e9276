namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>Registers notices of changes.</summary>
internal static class ChangeServices
{
    public static IServiceCollection AddChanges(this IServiceCollection services)
    {
        services.AddOptions<ChangeOptions>().BindConfiguration(ChangeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<VisibleState>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<SessionChanges>();
        services.AddSingleton<ListenStream>();
        services.AddSingleton<IMcpFeature, ChangesFeature>();
        return services;
    }
}
