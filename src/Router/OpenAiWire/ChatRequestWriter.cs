using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Writes requests of OpenAI's chat completions. Parameters that were read by <see cref="ChatRequestReader"/> come out as they went in.</summary>
/// <param name="model">The provider's name of the model.</param>
/// <param name="tokenLimit">What the provider calls the bound of an answer: <c>max_completion_tokens</c> at OpenAI, <c>max_tokens</c> at services that speak its protocol.</param>
public sealed class ChatRequestWriter(string model, string tokenLimit)
{
    /// <summary>Writes a request; O(its size).</summary>
    /// <param name="into">Takes JSON in UTF-8.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options; null for none.</param>
    /// <param name="stream">Whether the answer is to be streamed; the usage is asked for, too.</param>
    public void Write(IBufferWriter<byte> into, IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var json = new Utf8JsonWriter(into, WireOutput.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("messages"u8);
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            MessageWriter.Write(json, new ChatMessage(ChatRole.System, instructions));
        }

        foreach (var message in messages)
        {
            MessageWriter.Write(json, message);
        }

        json.WriteEndArray();
        if (options is not null)
        {
            WriteNumbers(json, options);
            WriteTools(json, options);
            WriteFormat(json, options);
            WriteExtra(json, options);
        }

        if (stream)
        {
            json.WriteBoolean("stream"u8, true);
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteNumbers(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.MaxOutputTokens is { } most)
        {
            json.WriteNumber(tokenLimit, most);
        }

        Number(json, "temperature"u8, options.Temperature);
        Number(json, "top_p"u8, options.TopP);
        Number(json, "frequency_penalty"u8, options.FrequencyPenalty);
        Number(json, "presence_penalty"u8, options.PresencePenalty);
        if (options.Seed is { } seed)
        {
            json.WriteNumber("seed"u8, seed);
        }

        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in stops)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, float? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            if (tool.Description.Length > 0)
            {
                json.WriteString("description"u8, tool.Description);
            }

            json.WritePropertyName("parameters"u8);
            tool.JsonSchema.WriteTo(json);
            if (tool is WireTool { Strict: { } strict })
            {
                json.WriteBoolean("strict"u8, strict);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (options.AllowMultipleToolCalls is { } several)
        {
            json.WriteBoolean("parallel_tool_calls"u8, several);
        }

        WriteToolChoice(json, options.ToolMode);
    }

    private static void WriteToolChoice(Utf8JsonWriter json, ChatToolMode? mode)
    {
        switch (mode)
        {
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice"u8, "required"u8);
                break;
            case NoneChatToolMode:
                json.WriteString("tool_choice"u8, "none"u8);
                break;
            case AutoChatToolMode:
                json.WriteString("tool_choice"u8, "auto"u8);
                break;
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.ResponseFormat is not ChatResponseFormatJson format)
        {
            return;
        }

        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format.Schema is null ? "json_object"u8 : "json_schema"u8);
        if (format.Schema is { } schema)
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.SchemaName ?? "answer");
            if (format.SchemaDescription is { } description)
            {
                json.WriteString("description"u8, description);
            }

            json.WritePropertyName("schema"u8);
            schema.WriteTo(json);
            if (options.AdditionalProperties?.TryGetValue(ExtraParameters.StrictSchema, out var strict) == true && strict is bool exactly)
            {
                json.WriteBoolean("strict"u8, exactly);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteExtra(Utf8JsonWriter json, ChatOptions options)
    {
        foreach (var (name, value) in ExtraParameters.Of(options.AdditionalProperties) ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, JsonElement>.Empty)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }
}
