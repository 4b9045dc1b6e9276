using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp;

/// <summary>
/// Tells clients of the stateless revision how long they may keep what they listed or read: a minute, and for themselves alone, because
/// everything here depends on who asks. The older revisions know no such hint and get none.
/// </summary>
internal static class CacheHints
{
    /// <summary>How long a list or resource may be taken for fresh.</summary>
    public static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(1);

    /// <summary>Adds the hints to every result that can carry them.</summary>
    public static void AddTo(McpServerOptions options)
    {
        var filters = options.Filters.Request;
        filters.ListToolsFilters.Add(Hinted);
        filters.ListPromptsFilters.Add(Hinted);
        filters.ListResourcesFilters.Add(Hinted);
        filters.ListResourceTemplatesFilters.Add(Hinted);
        filters.ReadResourceFilters.Add(Hinted);
        options.Filters.Message.OutgoingFilters.Add(HintedDiscovery);
    }

    /// <summary>The SDK answers server/discover by itself, and without a time to live.</summary>
    private static McpMessageHandler HintedDiscovery(McpMessageHandler next) =>
        (message, cancellationToken) =>
        {
            if (message.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result.ContainsKey("supportedVersions"))
            {
                result["ttlMs"] = (long)TimeToLive.TotalMilliseconds;
            }

            return next(message, cancellationToken);
        };

    private static McpRequestHandler<TParams, TResult> Hinted<TParams, TResult>(McpRequestHandler<TParams, TResult> next)
        where TResult : ICacheableResult =>
        async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            if (request.JsonRpcMessage.Context?.ProtocolVersion == Http.ProtocolVersions.Modern)
            {
                result.TimeToLive ??= TimeToLive;
                result.CacheScope = CacheScope.Private;
            }

            return result;
        };
}
