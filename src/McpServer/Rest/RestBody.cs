using System.Text.Json;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Rest;

/// <summary>Reads a body strictly: one unambiguous JSON object of <c>data</c> and <c>metadata</c>, every other member refused by name.</summary>
internal static class RestBody
{
    private const int MaxText = 128;

    private static readonly string[] Members = ["data", "metadata"];
    private static readonly string[] Metadata = ["userId", "sessionId", "clientVersion"];

    /// <summary>The members of <c>data</c>. A body may be left out where nothing has to be said.</summary>
    /// <exception cref="RestFaultException">The body is too large, no JSON, or not of this shape.</exception>
    /// <exception cref="ToolArgumentException">A member is not known or of the wrong type.</exception>
    public static async ValueTask<ToolArguments> ReadAsync(HttpContext http, int maxBytes)
    {
        using var body = await RequestBody.ReadAsync(http.Request, maxBytes, http.RequestAborted)
            ?? throw Fault(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The body is larger than {maxBytes} bytes.");
        if (body.Bytes.IsEmpty)
        {
            return ToolArguments.From(null);
        }

        if (!MediaTypes.IsJson(http.Request.ContentType))
        {
            throw Fault(StatusCodes.Status415UnsupportedMediaType, "content_type_not_json", "Send Content-Type: application/json.");
        }

        if (MessageGuard.Check(body.Bytes.Span) is { } ambiguous)
        {
            throw Fault(StatusCodes.Status400BadRequest, "malformed_message", ambiguous);
        }

        // A copy, for the members are read after the body's buffer has gone back.
        var root = JsonElement.Parse(body.Bytes.Span);
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Fault(StatusCodes.Status400BadRequest, "malformed_message", "The body is no JSON object.");
        }

        var whole = MembersOf(root);
        whole.AllowOnly(Members);
        CheckMetadata(RpcEnvelope.Member(root, "metadata"));
        var data = RpcEnvelope.Member(root, "data");
        return data.ValueKind switch
        {
            JsonValueKind.Object => MembersOf(data),
            JsonValueKind.Undefined => ToolArguments.From(null),
            _ => throw whole.Fault("data", "must be an object"),
        };
    }

    /// <summary>Names that the caller gives for its own sake; rights never come from them.</summary>
    private static void CheckMetadata(JsonElement metadata)
    {
        if (metadata.ValueKind == JsonValueKind.Undefined)
        {
            return;
        }

        if (metadata.ValueKind != JsonValueKind.Object)
        {
            throw ToolArguments.From(null).Fault("metadata", "must be an object");
        }

        var members = MembersOf(metadata);
        members.AllowOnly(Metadata);
        foreach (var name in Metadata)
        {
            members.Text(name, MaxText);
        }
    }

    private static ToolArguments MembersOf(JsonElement element) => ToolArguments.From(element.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, m.Value)));

    private static RestFaultException Fault(int status, string code, string message) => new(new RestFault(status, code, message));
}
