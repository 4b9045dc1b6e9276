using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Writes whole answers of chat completions.</summary>
public static class CompletionWriter
{
    /// <summary>Writes an answer; O(its size).</summary>
    /// <param name="into">Takes JSON in UTF-8.</param>
    /// <param name="response">The answer.</param>
    /// <param name="id">Id of the completion.</param>
    /// <param name="model">The name the caller knows the model by.</param>
    /// <param name="created">When it was made.</param>
    public static void Write(IBufferWriter<byte> into, ChatResponse response, string id, string model, DateTimeOffset created)
    {
        ArgumentNullException.ThrowIfNull(response);
        using var json = new Utf8JsonWriter(into, WireOutput.Options);
        var extra = ExtraParameters.Of(response.AdditionalProperties);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, created.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        WriteMessage(json, response);
        json.WritePropertyName("logprobs"u8);
        if (extra?.TryGetValue("logprobs", out var logprobs) == true)
        {
            logprobs.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("finish_reason"u8, WireOutput.FinishOf(response.FinishReason));
        json.WriteEndObject();
        json.WriteEndArray();
        if (response.Usage is { } usage)
        {
            WireOutput.WriteUsage(json, usage);
        }

        foreach (var (name, value) in extra ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, JsonElement>.Empty)
        {
            if (name != "logprobs")
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatResponse response)
    {
        string? text = null;
        string? refusal = null;
        List<FunctionCallContent>? calls = null;
        foreach (var content in response.Messages.SelectMany(m => m.Contents))
        {
            switch (content)
            {
                case TextContent part:
                    text = text is null ? part.Text : text + part.Text;
                    break;
                case ErrorContent { ErrorCode: WireError.Refusal } refused:
                    refusal = refused.Message;
                    break;
                case FunctionCallContent call:
                    (calls ??= []).Add(call);
                    break;
            }
        }

        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, text);
        json.WriteString("refusal"u8, refusal);
        if (calls is not null)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls)
            {
                MessageWriter.WriteCall(json, call);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
