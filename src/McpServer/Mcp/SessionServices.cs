using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp;

/// <summary>
/// The services of one SDK server: the application's, and the transport of the connection itself. A handler is given a server that answers on the
/// stream of the request; what is sent without a request goes by the connection's transport.
/// </summary>
internal sealed class SessionServices(IServiceProvider services, ITransport transport) : IServiceProvider
{
    public object? GetService(Type serviceType) => serviceType == typeof(ITransport) ? transport : services.GetService(serviceType);
}
