using AiPlatform.McpServer.Mcp.Resources;
using AiPlatform.McpServer.Mcp.Tasks;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>Tells clients of changes to what they see: unasked in sessions of the older revisions, on streams of their own in 2026-07-28.</summary>
internal sealed class ChangesFeature(SessionChanges sessions, ListenStream listen, McpFailures failures) : IMcpFeature
{
    public void AddTo(McpServerOptions options)
    {
        options.Capabilities!.Tools = new ToolsCapability { ListChanged = true };
        options.Capabilities.Prompts = new PromptsCapability { ListChanged = true };
        options.Capabilities.Resources = new ResourcesCapability { ListChanged = true, Subscribe = true };
        options.Handlers.SubscribeToResourcesHandler = failures.Guard<SubscribeRequestParams, EmptyResult>(SubscribeAsync);
        options.Handlers.UnsubscribeFromResourcesHandler = failures.Guard<UnsubscribeRequestParams, EmptyResult>(UnsubscribeAsync);
        options.Handlers.SubscriptionsListenHandler = failures.Guard<SubscriptionsListenRequestParams, EmptyResult>(ListenAsync);
        options.Filters.Message.IncomingFilters.Add(OpenedAsync);
    }

    /// <summary>From the end of its handshake on, a session is told of changes.</summary>
    private McpMessageHandler OpenedAsync(McpMessageHandler next) => async (message, cancellationToken) =>
    {
        if (message.JsonRpcMessage is JsonRpcNotification { Method: NotificationMethods.InitializedNotification } )
        {
            await sessions.OfAsync(McpConnection.Of(message), McpCaller.Of(message));
        }

        await next(message, cancellationToken);
    };

    /// <summary>Tasks are asked for, never told of; who wants to be told of them without knowing the extension is told that.</summary>
    private ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken) =>
        TasksExtension.IsListenedFor(request.JsonRpcRequest) && !TasksExtension.IsDeclaredBy(request.JsonRpcRequest)
            ? throw TasksExtension.NotDeclared()
            : listen.ListenAsync(request, cancellationToken);

    private async ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params?.Uri ?? "";
        var caller = McpCaller.Of(request);
        var session = await sessions.OfAsync(McpConnection.Of(request), caller);
        return await session.WatchAsync(caller, uri, cancellationToken) ? new EmptyResult() : throw ResourcesFeature.NotFound(request);
    }

    private async ValueTask<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> request, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(McpConnection.Of(request)) is { } session)
        {
            await session.UnwatchAsync(request.Params?.Uri ?? "", cancellationToken);
        }

        return new EmptyResult();
    }
}
