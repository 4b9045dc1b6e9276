using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// subscriptions/listen of revision 2026-07-28: says what it will tell, tells it on the answer's own stream, and ends with an answer when the caller
/// may not go on or the server stops.
/// </summary>
internal sealed class ListenStream(ChangeFeed feed, CallerWatch watch)
{
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var id = JsonSerializer.SerializeToNode(request.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions.GetTypeInfo<RequestId>());
        var asked = request.Params?.Notifications ?? throw new McpProtocolException("'notifications' is needed: it says what to tell.", McpErrorCode.InvalidParams);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var caller = McpCaller.Of(request);
        using var standing = watch.Open(caller, () => End(ended));
        var subscriber = await feed.OpenStreamAsync(standing, Wanted(asked), () => End(ended), cancellationToken);
        try
        {
            var honored = await WatchAsync(subscriber, caller, asked, cancellationToken);
            await request.Server.SendMessageAsync(Acknowledged(honored, id), cancellationToken);
            await subscriber.PumpAsync((notification, token) => request.Server.SendMessageAsync(ChangeNotifications.Marked(notification, id), token), ended.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && ended.IsCancellationRequested)
        {
            // The caller may not go on or the server stops: the stream ends with its answer.
        }
        finally
        {
            await subscriber.CloseAsync();
        }

        return new EmptyResult { Meta = ChangeNotifications.Mark(id) };
    }

    private static void End(CancellationTokenSource ended)
    {
        try
        {
            ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stream ended first.
        }
    }

    private static ListKinds Wanted(SubscriptionsListenNotifications asked) =>
        (asked.ToolsListChanged == true ? ListKinds.Tools : ListKinds.None)
        | (asked.PromptsListChanged == true ? ListKinds.Prompts : ListKinds.None)
        | (asked.ResourcesListChanged == true ? ListKinds.Resources : ListKinds.None);

    /// <summary>Watches what can be watched and answers all that will be told.</summary>
    private static async Task<SubscriptionsListenNotifications> WatchAsync(
        ChangeSubscriber subscriber, Caller caller, SubscriptionsListenNotifications asked, CancellationToken cancellationToken)
    {
        var watched = new List<string>();
        foreach (var uri in (asked.ResourceSubscriptions ?? []).Distinct(StringComparer.Ordinal))
        {
            if (await subscriber.WatchAsync(caller, uri, cancellationToken))
            {
                watched.Add(uri);
            }
        }

        return new SubscriptionsListenNotifications
        {
            ToolsListChanged = asked.ToolsListChanged == true ? true : null,
            PromptsListChanged = asked.PromptsListChanged == true ? true : null,
            ResourcesListChanged = asked.ResourcesListChanged == true ? true : null,
            ResourceSubscriptions = watched.Count > 0 ? watched : null,
        };
    }

    private static JsonRpcNotification Acknowledged(SubscriptionsListenNotifications honored, JsonNode? id)
    {
        var parameters = new SubscriptionsAcknowledgedNotificationParams { Notifications = honored };
        var node = JsonSerializer.SerializeToNode(parameters, McpJsonUtilities.DefaultOptions.GetTypeInfo<SubscriptionsAcknowledgedNotificationParams>());
        return ChangeNotifications.Marked(new JsonRpcNotification { Method = NotificationMethods.SubscriptionsAcknowledgedNotification, Params = node }, id);
    }
}
