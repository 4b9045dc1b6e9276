using System.Buffers;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Auditing;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// Answers a plain tools/call without the SDK's transport, whose server object for each stateless request costs several times the search
/// itself. The answer is the same bytes; a test compares the two. Everything unusual about a call goes the SDK's way.
/// </summary>
internal sealed class DirectToolCall(ToolRunner tools, CallLog calls, TimeProvider time)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = ToolJson.Options.Encoder, SkipValidation = true };
    private static readonly byte[] Meta = JsonSerializer.SerializeToUtf8Bytes(ServerIdentity.Implementation, McpJsonUtilities.DefaultOptions.GetTypeInfo<Implementation>());

    /// <summary>Whether the message is a call with nothing but a name, arguments and metadata that asks for neither progress nor log messages, to a tool that answers at once.</summary>
    public bool Fits(in RpcEnvelope message)
    {
        if (message.Kind != RpcMessageKind.Request || message.Method != "tools/call" || message.Params.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var member in message.Params.EnumerateObject())
        {
            var plain = member.Name switch
            {
                "name" => member.Value.ValueKind == JsonValueKind.String,
                "arguments" => member.Value.ValueKind == JsonValueKind.Object,
                "_meta" => member.Value.ValueKind == JsonValueKind.Object && !member.Value.TryGetProperty("progressToken"u8, out _) && !member.Value.TryGetProperty(MetaKeys.LogLevel, out _),
                _ => false,
            };
            if (!plain)
            {
                return false;
            }
        }

        return message.Param("name") is { } name && !tools.IsLong(name);
    }

    /// <param name="http">The request.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="message">The call.</param>
    /// <param name="revision">The revision of the protocol agreed on; null when it is not known.</param>
    public async Task AnswerAsync(HttpContext http, Caller caller, RpcEnvelope message, string? revision)
    {
        var begun = time.GetTimestamp();
        var outcome = CallRecord.Ok;
        var buffer = JsonBuffers.Rent();
        try
        {
            outcome = await RunAsync(buffer, caller, message, revision, http.RequestAborted);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = buffer.WrittenCount;
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
        }
        catch (Exception failure)
        {
            outcome = CallLog.OutcomeOf(failure);
            throw;
        }
        finally
        {
            JsonBuffers.Return(buffer);
            await calls.RecordAsync(caller, message, outcome, begun);
        }
    }

    /// <summary>Writes the answer and says how the call is recorded.</summary>
    private async Task<string> RunAsync(ArrayBufferWriter<byte> buffer, Caller caller, RpcEnvelope message, string? revision, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = RpcEnvelope.Member(message.Params, "arguments");
            var members = arguments.ValueKind == JsonValueKind.Object ? arguments.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, m.Value)) : null;
            var call = new ToolCall(caller, ToolArguments.From(members), NoFeedback.Instance, ProductLink.IsKnownTo(revision));
            var answer = await tools.RunAsync(message.Param("name")!, call, cancellationToken);
            WriteResult(buffer, answer, message.Id, modern: revision == ProtocolVersions.Modern);
            return answer.ErrorCode ?? CallRecord.Ok;
        }
        catch (McpProtocolException refused)
        {
            WriteError(buffer, refused, message.Id);
            return CallLog.OutcomeOf(refused);
        }
    }

    private static void WriteResult(ArrayBufferWriter<byte> buffer, ToolAnswer answer, JsonElement id, bool modern)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteStartObject("result");
        WriteContent(json, answer);
        json.WritePropertyName("structuredContent");
        json.WriteRawValue(answer.Structured.Span, skipInputValidation: true);
        json.WriteBoolean("isError", answer.IsError);
        if (modern)
        {
            json.WriteString("resultType", "complete");
            json.WriteStartObject("_meta");
            json.WritePropertyName(MetaKeys.ServerInfo);
            json.WriteRawValue(Meta, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        End(json, id);
    }

    private static void WriteContent(Utf8JsonWriter json, ToolAnswer answer)
    {
        json.WriteStartArray("content");
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("text", answer.Text);
        json.WriteEndObject();
        foreach (var link in answer.Links)
        {
            json.WriteStartObject();
            json.WriteString("type", "resource_link");
            json.WriteString("uri", link.Uri);
            json.WriteString("name", link.Name);
            json.WriteString("title", link.Title);
            json.WriteString("mimeType", ProductUri.MediaType);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteError(ArrayBufferWriter<byte> buffer, McpProtocolException refused, JsonElement id)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", (int)refused.ErrorCode);
        json.WriteString("message", refused.Message);
        json.WriteEndObject();
        End(json, id);
    }

    private static void End(Utf8JsonWriter json, JsonElement id)
    {
        json.WritePropertyName("id");
        RpcEnvelope.WriteId(json, id);
        json.WriteString("jsonrpc", "2.0");
        json.WriteEndObject();
    }
}
