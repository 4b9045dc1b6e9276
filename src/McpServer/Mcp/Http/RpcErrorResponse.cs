using System.Buffers;
using System.Text.Json;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Writes a JSON-RPC error as an HTTP answer.</summary>
internal static class RpcErrorResponse
{
    /// <param name="http">The request to answer.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="id">The request's id; an undefined element for an id of null.</param>
    public static Task WriteAsync(HttpContext http, RpcFault fault, JsonElement id = default)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, fault, id);
        }

        http.Response.StatusCode = fault.Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted).AsTask();
    }

    /// <summary>The error as a message, for any transport.</summary>
    public static void Write(Utf8JsonWriter json, RpcFault fault, JsonElement id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        if (id.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteNullValue();
        }
        else
        {
            RpcEnvelope.WriteId(json, id);
        }

        json.WriteStartObject("error");
        json.WriteNumber("code", fault.RpcCode);
        json.WriteString("message", fault.Message);
        json.WriteStartObject("data");
        json.WriteString("code", fault.Code);
        if (fault.Offer is { } offer)
        {
            json.WriteStartArray("supported");
            foreach (var version in offer.Supported)
            {
                json.WriteStringValue(version);
            }

            json.WriteEndArray();
            json.WriteString("requested", offer.Requested);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
