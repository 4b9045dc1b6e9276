using System.Buffers;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Rest;

/// <summary>Writes the one form of every answer: whether it succeeded, data or error, who asked and what it may do.</summary>
internal static class RestEnvelope
{
    /// <summary>Writes an answer.</summary>
    /// <param name="http">The request to answer.</param>
    /// <param name="headers">What the request is called.</param>
    /// <param name="scope">Who asks; null when nobody was authenticated.</param>
    /// <param name="answer">The answer; null for an error.</param>
    /// <param name="fault">The error; null for an answer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begun">Timestamp of the request's begin.</param>
    public static async Task WriteAsync(HttpContext http, RestHeaders headers, AccessScope? scope, RestAnswer? answer, RestFault? fault, TimeProvider time, long begun)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        await using (var json = new Utf8JsonWriter(buffer, ToolJson.Options))
        {
            json.WriteStartObject();
            json.WriteBoolean("success", fault is null);
            WriteContent(json, answer, fault);
            WriteMetadata(json, headers, scope, time, begun);
            WritePagination(json, answer);
            json.WriteEndObject();
        }

        var response = http.Response;
        response.StatusCode = fault?.Status ?? answer!.Status;
        response.ContentType = "application/json";
        response.ContentLength = buffer.WrittenCount;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers[RestHeaders.Correlation] = headers.CorrelationId;
        response.Headers[RestHeaders.Request] = headers.RequestId;
        if (answer?.Location is { } location)
        {
            response.Headers.Location = location;
        }

        await response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    private static void WriteContent(Utf8JsonWriter json, RestAnswer? answer, RestFault? fault)
    {
        if (fault is null)
        {
            json.WritePropertyName("data");
            answer!.Write(json);
            return;
        }

        json.WriteStartObject("error");
        json.WriteString("code", fault.Code);
        json.WriteString("message", fault.Message);
        if (fault.Field is { } field)
        {
            json.WriteStartObject("details");
            json.WriteString("field", field);
            json.WriteEndObject();
        }

        json.WriteBoolean("retryable", fault.Retryable);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, RestHeaders headers, AccessScope? scope, TimeProvider time, long begun)
    {
        json.WriteStartObject("metadata");
        json.WriteString("requestId", headers.RequestId);
        json.WriteString("correlationId", headers.CorrelationId);
        json.WriteString("timestamp", time.GetUtcNow().UtcDateTime);
        json.WriteNumber("latency", Math.Round(time.GetElapsedTime(begun).TotalMilliseconds, 3));
        if (scope is not null)
        {
            WriteNames(json, "userGroups", scope.Groups);
            WriteNames(json, "effectivePermissions", scope.PermissionNames);
            json.WriteString("dataAccessLevel", JsonNamingPolicy.SnakeCaseLower.ConvertName(scope.DataAccessLevel.ToString()));
        }

        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string member, IEnumerable<string> names)
    {
        json.WriteStartArray(member);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static void WritePagination(Utf8JsonWriter json, RestAnswer? answer)
    {
        if (answer?.Page is not { } page)
        {
            return;
        }

        json.WriteStartObject("pagination");
        json.WriteNumber("page", page.Number);
        json.WriteNumber("limit", page.Limit);
        json.WriteNumber("total", answer.Total);
        json.WriteBoolean("hasNext", (long)page.Number * page.Limit < answer.Total);
        json.WriteEndObject();
    }
}
