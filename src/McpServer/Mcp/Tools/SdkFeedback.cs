using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Sends progress and log messages on the stream of the call they belong to.</summary>
internal sealed class SdkFeedback(RequestContext<CallToolRequestParams> request) : IToolFeedback
{
    private const string Logger = "aiplatform";

    private readonly ProgressToken? _token = request.Params?.ProgressToken;

    public bool WantsProgress => _token is not null;

    public async ValueTask ProgressAsync(double done, double? total, string message, CancellationToken cancellationToken)
    {
        if (_token is { } token)
        {
            var progress = new ProgressNotificationValue { Progress = (float)done, Total = (float?)total, Message = message };
            await request.Server.NotifyProgressAsync(token, progress, options: null, cancellationToken);
        }
    }

    public async ValueTask LogAsync(LoggingLevel level, string message, CancellationToken cancellationToken)
    {
        // The newest revision asks with each request, the older ones once a session.
        if ((request.JsonRpcRequest.Context?.LogLevel ?? request.Server.LoggingLevel) is { } asked && level >= asked)
        {
            var entry = new LoggingMessageNotificationParams { Level = level, Logger = Logger, Data = JsonSerializer.SerializeToElement(message, McpJsonUtilities.DefaultOptions) };
            await request.Server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, entry, McpJsonUtilities.DefaultOptions, cancellationToken);
        }
    }
}
