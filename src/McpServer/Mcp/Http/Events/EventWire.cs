using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>An event as bytes. JSON has no line breaks, so that its data is one line.</summary>
internal static class EventWire
{
    public static byte[] Write(SseItem<JsonRpcMessage?> item)
    {
        var text = new StringBuilder();
        if (item.EventId is { } id)
        {
            text.Append(CultureInfo.InvariantCulture, $"id: {id}\n");
        }

        if (item.ReconnectionInterval is { } retry)
        {
            text.Append(CultureInfo.InvariantCulture, $"retry: {(long)retry.TotalMilliseconds}\n");
        }

        if (item.Data is not null)
        {
            text.Append("event: message\n");
        }

        text.Append("data: ").Append(item.Data is null ? "" : JsonSerializer.Serialize(item.Data, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>()));
        return Encoding.UTF8.GetBytes(text.Append("\n\n").ToString());
    }
}
