namespace AiPlatform.McpServer.Mcp;

/// <summary>The services of one SDK server: the application's, and its connection.</summary>
internal sealed class SessionServices(IServiceProvider services, McpConnection connection) : IServiceProvider
{
    public object? GetService(Type serviceType) => serviceType == typeof(McpConnection) ? connection : services.GetService(serviceType);
}
