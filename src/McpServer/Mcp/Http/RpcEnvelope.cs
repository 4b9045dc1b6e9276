using System.Text.Json;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The parts of a JSON-RPC message that the HTTP layer looks at. Valid while the document behind it is.</summary>
internal readonly struct RpcEnvelope
{
    private RpcEnvelope(RpcMessageKind kind, JsonElement id, string method, JsonElement parameters)
    {
        Kind = kind;
        Id = id;
        Method = method;
        Params = parameters;
    }

    public RpcMessageKind Kind { get; }

    /// <summary>A string or a whole number; undefined for a notification.</summary>
    public JsonElement Id { get; }

    /// <summary>Empty for an answer.</summary>
    public string Method { get; }

    /// <summary>An object, or undefined.</summary>
    public JsonElement Params { get; }

    /// <summary>The metadata of the request; undefined when there is none.</summary>
    public JsonElement Meta => Member(Params, "_meta");

    /// <summary>A member of the parameters that is a string; null otherwise.</summary>
    public string? Param(string name) => Member(Params, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>False, with the reason, when the object is no JSON-RPC message.</summary>
    public static bool TryRead(JsonElement root, out RpcEnvelope envelope, out string problem)
    {
        envelope = default;
        problem = "";
        if (Member(root, "jsonrpc") is not { ValueKind: JsonValueKind.String } version || !version.ValueEquals("2.0"u8))
        {
            problem = "jsonrpc must be \"2.0\".";
            return false;
        }

        var hasId = root.TryGetProperty("id"u8, out var id);
        if (hasId && !(id.ValueKind == JsonValueKind.String || (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _))))
        {
            problem = "id must be a string or a whole number.";
            return false;
        }

        var parameters = Member(root, "params");
        if (parameters.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            problem = "params must be an object.";
            return false;
        }

        var method = Member(root, "method");
        var (hasResult, hasError) = (root.TryGetProperty("result"u8, out _), root.TryGetProperty("error"u8, out _));
        if (method.ValueKind == JsonValueKind.String && !hasResult && !hasError)
        {
            envelope = new RpcEnvelope(hasId ? RpcMessageKind.Request : RpcMessageKind.Notification, id, method.GetString()!, parameters);
            return true;
        }

        if (method.ValueKind == JsonValueKind.Undefined && hasId && hasResult != hasError)
        {
            envelope = new RpcEnvelope(RpcMessageKind.Answer, id, "", parameters);
            return true;
        }

        problem = "The message is neither a request, a notification nor an answer.";
        return false;
    }

    /// <summary>Writes an id as the SDK does: a number by its value, so that <c>-0</c> comes back as <c>0</c> on every way.</summary>
    public static void WriteId(Utf8JsonWriter json, JsonElement id)
    {
        if (id.ValueKind == JsonValueKind.Number)
        {
            json.WriteNumberValue(id.GetInt64());
        }
        else
        {
            id.WriteTo(json);
        }
    }

    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;
}
