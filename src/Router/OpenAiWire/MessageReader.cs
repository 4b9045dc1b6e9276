using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Reads one message of a request.</summary>
internal static class MessageReader
{
    public static ChatMessage Read(JsonElement value, string path)
    {
        var message = Wire.Object(value, path);
        var role = Wire.Text(Wire.Member(message, path, "role"), $"{path}.role");
        var read = new ChatMessage { Role = RoleOf(role, path) };
        if (message.TryGetProperty("name", out var name) && name.ValueKind != JsonValueKind.Null)
        {
            read.AuthorName = Wire.Text(name, $"{path}.name");
        }

        if (role == "tool")
        {
            var callId = Wire.Text(Wire.Member(message, path, "tool_call_id"), $"{path}.tool_call_id");
            read.Contents.Add(new FunctionResultContent(callId, TextOf(Wire.Member(message, path, "content"), $"{path}.content")));
            return read;
        }

        if (message.TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null)
        {
            ReadContent(content, $"{path}.content", read.Contents);
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind != JsonValueKind.Null)
        {
            ReadCalls(Wire.Array(calls, $"{path}.tool_calls"), $"{path}.tool_calls", read.Contents);
        }

        return read.Contents.Count > 0 || role == "assistant" ? read : throw Wire.Wrong($"{path}.content", $"'{path}' lacks 'content'.");
    }

    /// <summary>A tool call with its arguments exactly as they are written, because models are shown their own words again.</summary>
    public static FunctionCallContent Call(string callId, string name, string arguments)
    {
        IDictionary<string, object?>? parsed = null;
        try
        {
            parsed = arguments.Length == 0 ? null : JsonSerializer.Deserialize(arguments, WireJson.Default.DictionaryStringObject);
        }
        catch (JsonException)
        {
            // Models do write broken arguments. Whoever has to understand them says so.
        }

        return new FunctionCallContent(callId, name, parsed) { RawRepresentation = arguments };
    }

    private static ChatRole RoleOf(string role, string path) => role switch
    {
        "system" or "developer" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        "tool" => ChatRole.Tool,
        _ => throw Wire.Wrong($"{path}.role", $"'{path}.role' has to be system, developer, user, assistant or tool."),
    };

    private static string TextOf(JsonElement content, string path)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        var parts = new List<AIContent>();
        ReadContent(content, path, parts);
        return string.Concat(parts.Select(p => p is TextContent text ? text.Text : throw Wire.Wrong(path, $"'{path}' of a tool may hold text only.")));
    }

    private static void ReadContent(JsonElement content, string path, IList<AIContent> into)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            into.Add(new TextContent(content.GetString()));
            return;
        }

        var i = 0;
        foreach (var part in Wire.Array(content, path).EnumerateArray())
        {
            into.Add(ReadPart(part, $"{path}[{i++}]"));
        }
    }

    private static AIContent ReadPart(JsonElement value, string path)
    {
        var part = Wire.Object(value, path);
        var type = Wire.Text(Wire.Member(part, path, "type"), $"{path}.type");
        switch (type)
        {
            case "text":
                return new TextContent(Wire.Text(Wire.Member(part, path, "text"), $"{path}.text"));
            case "refusal":
                return new TextContent(Wire.Text(Wire.Member(part, path, "refusal"), $"{path}.refusal"));
            case "image_url":
                return Image(Wire.Object(Wire.Member(part, path, "image_url"), $"{path}.image_url"), $"{path}.image_url");
            case "input_audio":
                var audio = Wire.Object(Wire.Member(part, path, "input_audio"), $"{path}.input_audio");
                return Data($"data:audio/{Wire.Text(Wire.Member(audio, path, "format"), $"{path}.input_audio.format")};base64,{Wire.Text(Wire.Member(audio, path, "data"), $"{path}.input_audio.data")}", $"{path}.input_audio.data");
            default:
                throw Wire.Wrong($"{path}.type", $"'{path}.type' is '{type}'; this endpoint takes text, image_url and input_audio.");
        }
    }

    private static AIContent Image(JsonElement image, string path)
    {
        var url = Wire.Text(Wire.Member(image, path, "url"), $"{path}.url");
        AIContent content = url.StartsWith("data:", StringComparison.Ordinal) ? Data(url, $"{path}.url")
            : Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? new UriContent(uri, "image/*")
            : throw Wire.Wrong($"{path}.url", $"'{path}.url' has to be an http, https or data address.");
        if (image.TryGetProperty("detail", out var detail) && detail.ValueKind != JsonValueKind.Null)
        {
            content.AdditionalProperties = new AdditionalPropertiesDictionary { ["detail"] = Wire.Text(detail, $"{path}.detail") };
        }

        return content;
    }

    private static DataContent Data(string uri, string path)
    {
        try
        {
            return new DataContent(uri);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or UriFormatException)
        {
            throw Wire.Wrong(path, $"'{path}' is no data address.");
        }
    }

    private static void ReadCalls(JsonElement calls, string path, IList<AIContent> into)
    {
        var i = 0;
        foreach (var value in calls.EnumerateArray())
        {
            var at = $"{path}[{i++}]";
            var call = Wire.Object(value, at);
            var function = Wire.Object(Wire.Member(call, at, "function"), $"{at}.function");
            into.Add(Call(
                Wire.Text(Wire.Member(call, at, "id"), $"{at}.id"),
                Wire.Text(Wire.Member(function, $"{at}.function", "name"), $"{at}.function.name"),
                function.TryGetProperty("arguments", out var arguments) ? Wire.Text(arguments, $"{at}.function.arguments") : ""));
        }
    }
}
