using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Writes one message of a request. Several results of tools in one message become several messages, as the protocol wants.</summary>
internal static class MessageWriter
{
    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Role == ChatRole.Tool)
        {
            foreach (var result in message.Contents.OfType<FunctionResultContent>())
            {
                json.WriteStartObject();
                json.WriteString("role"u8, "tool"u8);
                json.WriteString("tool_call_id"u8, result.CallId);
                json.WriteString("content"u8, ResultOf(result));
                json.WriteEndObject();
            }

            return;
        }

        json.WriteStartObject();
        json.WriteString("role"u8, message.Role.Value);
        if (message.AuthorName is { Length: > 0 } name)
        {
            json.WriteString("name"u8, name);
        }

        WriteContent(json, message);
        WriteCalls(json, message);
        json.WriteEndObject();
    }

    /// <summary>The result of a tool as text.</summary>
    public static string ResultOf(FunctionResultContent result) => result.Result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        var other => JsonSerializer.Serialize(other, AIJsonUtilities.DefaultOptions.GetTypeInfo(other.GetType())),
    };

    private static void WriteContent(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Contents is [TextContent only])
        {
            json.WriteString("content"u8, only.Text);
            return;
        }

        if (!message.Contents.Any(c => c is TextContent or DataContent or UriContent))
        {
            json.WriteNull("content"u8);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    json.WriteStartObject();
                    json.WriteString("type"u8, "text"u8);
                    json.WriteString("text"u8, text.Text);
                    json.WriteEndObject();
                    break;
                case DataContent audio when audio.HasTopLevelMediaType("audio"):
                    json.WriteStartObject();
                    json.WriteString("type"u8, "input_audio"u8);
                    json.WriteStartObject("input_audio"u8);
                    json.WriteString("data"u8, audio.Base64Data.Span);
                    json.WriteString("format"u8, audio.MediaType["audio/".Length..]);
                    json.WriteEndObject();
                    json.WriteEndObject();
                    break;
                case DataContent data:
                    WriteImage(json, data.Uri, data);
                    break;
                case UriContent uri:
                    WriteImage(json, uri.Uri.OriginalString, uri);
                    break;
            }
        }

        json.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter json, string url, AIContent image)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, url);
        if (image.AdditionalProperties?.TryGetValue("detail", out var detail) == true && detail is string wanted)
        {
            json.WriteString("detail"u8, wanted);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, ChatMessage message)
    {
        var any = false;
        foreach (var content in message.Contents)
        {
            if (content is not FunctionCallContent call)
            {
                continue;
            }

            if (!any)
            {
                json.WriteStartArray("tool_calls"u8);
                any = true;
            }

            WriteCall(json, call);
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }

    /// <summary>One call, as requests and answers have it.</summary>
    public static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.CallId);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, WireOutput.ArgumentsOf(call));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
