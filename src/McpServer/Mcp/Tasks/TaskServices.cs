namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>Registers tasks, and the confirmations that come before them.</summary>
internal static class TaskServices
{
    public static IServiceCollection AddTasks(this IServiceCollection services)
    {
        services.AddSingleton<Confirmation.ConfirmationSeals>();
        services.AddSingleton<Confirmation.Confirmations>();
        services.AddSingleton<IMcpFeature, TasksFeature>();
        return services;
    }
}
