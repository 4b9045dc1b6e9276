using System.Text;
using System.Text.Json;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>Reads what a cluster, or whatever stands before it, says about a failed request.</summary>
internal static class ErrorBody
{
    private const int MaxReason = 500;

    /// <summary>The error of an answer: JSON with an object or a plain text as <c>error</c>, or no JSON at all.</summary>
    public static OpenSearchException Read(int status, ReadOnlySpan<byte> body, OpenSearchRequest request)
    {
        var (type, reason, index) = ("", "", "");
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("error", out var error))
            {
                (type, reason, index) = Of(error);
            }
        }
        catch (JsonException)
        {
            reason = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxReason)]);
        }

        return Make(status, type, Bounded(reason), index, request);
    }

    /// <summary>Type, reason and index of an <c>error</c>; the deepest cause is the one that says what is wrong.</summary>
    public static (string Type, string Reason, string Index) Of(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String)
        {
            return ("", Bounded(error.GetString()!), "");
        }

        if (error.ValueKind != JsonValueKind.Object)
        {
            return ("", "", "");
        }

        var (type, reason, index) = (Text(error, "type"), Text(error, "reason"), Text(error, "index"));
        var cause = error;
        for (var depth = 0; depth < 8 && cause.TryGetProperty("caused_by", out var deeper) && deeper.ValueKind == JsonValueKind.Object; depth++)
        {
            cause = deeper;
        }

        // Where a search names no cause, each shard has its own.
        if (!error.TryGetProperty("caused_by", out _) && error.TryGetProperty("root_cause", out var causes) && causes.ValueKind == JsonValueKind.Array && causes.GetArrayLength() > 0 && causes[0].ValueKind == JsonValueKind.Object)
        {
            cause = causes[0];
        }

        var root = Text(cause, "reason");
        return (type, Bounded(root.Length == 0 || root == reason ? reason : $"{reason}: {root}"), index);
    }

    private static OpenSearchException Make(int status, string type, string reason, string index, OpenSearchRequest request)
    {
        var code = CodeOf(status, type);
        var where = $"{request.Method} {request.Path.Split('?')[0]}";
        var said = (type.Length, reason.Length) switch { (0, 0) => "", (0, _) => $": {reason}", (_, 0) => $": {type}", _ => $": {type}, {reason}" };
        return new OpenSearchException(code, $"OpenSearch answered {where} with {status}{said}. {Advice(code)}")
        {
            Status = status,
            Type = type,
            Reason = reason,
            Index = index,
        };
    }

    private static string CodeOf(int status, string type) => (status, type) switch
    {
        (_, "cluster_block_exception") => OpenSearchErrors.Blocked,
        (401, _) => OpenSearchErrors.Unauthorized,
        (403, _) => OpenSearchErrors.Forbidden,
        (408 or 504, _) => OpenSearchErrors.Timeout,
        (429, _) => OpenSearchErrors.Overloaded,
        (502 or 503, _) => OpenSearchErrors.Unavailable,
        ( >= 500, _) => OpenSearchErrors.Failed,
        _ => OpenSearchErrors.Rejected,
    };

    private static string Advice(string code) => code switch
    {
        OpenSearchErrors.Blocked => "Free disk space or lift the block, then try again.",
        OpenSearchErrors.Unauthorized => "Check OpenSearch:Authentication, the user and the password, or the AWS role.",
        OpenSearchErrors.Forbidden => "Give the user the rights listed in docs/opensearch.md.",
        OpenSearchErrors.Timeout or OpenSearchErrors.Unavailable => "Check the cluster's health, then try again.",
        OpenSearchErrors.Overloaded => "Try again later, or give the cluster more room.",
        _ => "See the cluster's log.",
    };

    private static string Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Bounded(string text) => text.Length <= MaxReason ? text : text[..MaxReason];
}
