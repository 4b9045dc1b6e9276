using System.Text.Json;
using AiPlatform.McpServer.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Sends progress and log messages on the stream of the call they belong to.</summary>
internal sealed class SdkFeedback(RequestContext<CallToolRequestParams> request) : IToolFeedback
{
    private const string Logger = "aiplatform";

    private readonly ProgressToken? _token = request.Params?.ProgressToken;

    private double _done = double.NegativeInfinity;

    public bool WantsProgress => _token is not null;

    /// <summary>The stateless revision asks with each request; the older ones once for the session.</summary>
    private LoggingLevel? Asked => request.JsonRpcRequest.Context is { ProtocolVersion: ProtocolVersions.Modern } context ? context.LogLevel : request.Server.LoggingLevel;

    public async ValueTask ProgressAsync(double done, double? total, string message, CancellationToken cancellationToken)
    {
        // The protocol wants progress to grow: what does not is left out.
        if (_token is { } token && done > _done)
        {
            _done = done;
            var progress = new ProgressNotificationValue { Progress = (float)done, Total = (float?)total, Message = message };
            await request.Server.NotifyProgressAsync(token, progress, options: null, cancellationToken);
        }
    }

    public async ValueTask LogAsync(LoggingLevel level, string message, CancellationToken cancellationToken)
    {
        if (Asked is { } asked && level >= asked)
        {
            var entry = new LoggingMessageNotificationParams { Level = level, Logger = Logger, Data = JsonSerializer.SerializeToElement(message, McpJsonUtilities.DefaultOptions) };
            await request.Server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, entry, McpJsonUtilities.DefaultOptions, cancellationToken);
        }
    }
}
