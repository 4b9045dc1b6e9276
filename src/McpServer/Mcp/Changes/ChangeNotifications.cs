using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>Notices as messages of the protocol.</summary>
internal static class ChangeNotifications
{
    public static IEnumerable<JsonRpcNotification> Of(Notices notices)
    {
        if (notices.Lists.HasFlag(ListKinds.Tools))
        {
            yield return new JsonRpcNotification { Method = NotificationMethods.ToolListChangedNotification };
        }

        if (notices.Lists.HasFlag(ListKinds.Prompts))
        {
            yield return new JsonRpcNotification { Method = NotificationMethods.PromptListChangedNotification };
        }

        if (notices.Lists.HasFlag(ListKinds.Resources))
        {
            yield return new JsonRpcNotification { Method = NotificationMethods.ResourceListChangedNotification };
        }

        foreach (var uri in notices.Resources.Order(StringComparer.Ordinal))
        {
            yield return new JsonRpcNotification { Method = NotificationMethods.ResourceUpdatedNotification, Params = new JsonObject { ["uri"] = uri } };
        }
    }

    /// <summary>The message marked as one of a stream, so that a client with several on one connection can tell them apart.</summary>
    public static JsonRpcNotification Marked(JsonRpcNotification notification, JsonNode? subscription)
    {
        var parameters = notification.Params as JsonObject ?? [];
        parameters["_meta"] = Mark(subscription);
        return new JsonRpcNotification { Method = notification.Method, Params = parameters };
    }

    /// <summary>The metadata that names a stream by the id of the request that opened it.</summary>
    public static JsonObject Mark(JsonNode? subscription) => new() { [MetaKeys.SubscriptionId] = subscription?.DeepClone() };
}
