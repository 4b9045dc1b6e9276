using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Refuses requests addressed to a foreign host name (DNS rebinding) or sent by a page of a foreign origin.</summary>
internal sealed class HostAndOriginGuard(IOptions<McpHttpOptions> options)
{
    private static readonly RpcFault ForeignHost = new(
        StatusCodes.Status403Forbidden, RpcErrors.Refused, "host_not_allowed", "The Host of the request is not allowed. Add it to Mcp:AllowedHosts if it is yours.");

    private static readonly RpcFault ForeignOrigin = new(
        StatusCodes.Status403Forbidden, RpcErrors.Refused, "origin_not_allowed", "The Origin of the request is not allowed. Add it to Mcp:AllowedOrigins if it is yours.");

    private readonly HashSet<string> _hosts = new(options.Value.AllowedHosts.Where(h => h != "*"), StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _origins = new(options.Value.AllowedOrigins.Where(o => o != "*"), StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when the request may go on.</summary>
    public RpcFault? Check(HttpRequest request)
    {
        if (!_hosts.Contains(request.Host.Host))
        {
            return ForeignHost;
        }

        var origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && IsAllowed(origin[0]!)) ? null : ForeignOrigin;
    }

    private bool IsAllowed(string origin) =>
        _origins.Contains(origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && IsLoopbackName(uri.Host)
            && _hosts.Contains(uri.Host));

    private static bool IsLoopbackName(string host) => host is "localhost" or "127.0.0.1" or "[::1]";
}
