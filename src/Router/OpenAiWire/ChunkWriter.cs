using System.Buffers;
using System.Text.Json;
using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Writes a streamed answer as server-sent events of OpenAI's protocol. One answer; not thread-safe.</summary>
/// <param name="into">Takes the events.</param>
/// <param name="id">Id of the completion.</param>
/// <param name="model">The name the caller knows the model by.</param>
/// <param name="created">When it began.</param>
/// <param name="includeUsage">Whether the caller asked for the usage at the end.</param>
public sealed class ChunkWriter(IBufferWriter<byte> into, string id, string model, DateTimeOffset created, bool includeUsage) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(into, WireOutput.Options);
    private UsageDetails? _usage;
    private bool _began;

    /// <summary>Writes what an update says; nothing for one that says nothing to callers.</summary>
    public void Write(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case UsageContent usage:
                    _usage = usage.Details;
                    break;
                case TextContent { Text.Length: > 0 } text:
                    Delta("content"u8, text.Text);
                    break;
                case TextReasoningContent { Text.Length: > 0 } reasoning:
                    Delta("reasoning_content"u8, reasoning.Text);
                    break;
                case ErrorContent { ErrorCode: WireError.Refusal } refused:
                    Delta("refusal"u8, refused.Message);
                    break;
                case ToolCallDelta call:
                    Call(call.Index, call.CallId, call.Name, call.Arguments);
                    break;
                case FunctionCallContent call:
                    Call(0, call.CallId, call.Name, WireOutput.ArgumentsOf(call));
                    break;
            }
        }

        if (update.FinishReason is { } finish)
        {
            Begin();
            _json.WriteEndObject();
            End(WireOutput.FinishOf(finish));
        }
    }

    /// <summary>Ends the stream: the usage where it was asked for, and <c>[DONE]</c>.</summary>
    public void Done()
    {
        if (includeUsage)
        {
            Head();
            _json.WriteStartArray("choices"u8);
            _json.WriteEndArray();
            WireOutput.WriteUsage(_json, _usage ?? new UsageDetails());
            Flush();
        }

        into.Write("data: [DONE]\n\n"u8);
    }

    /// <summary>Ends the stream by an error, with what was used so far, and without <c>[DONE]</c>: nobody takes a part for the whole.</summary>
    public void Fail(RouterException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        into.Write("data: "u8);
        _json.WriteStartObject();
        _json.WriteStartObject("error"u8);
        _json.WriteString("message"u8, failure.Message);
        _json.WriteString("type"u8, failure.ProviderType ?? "upstream_error");
        _json.WriteString("param"u8, failure.Argument);
        _json.WriteString("code"u8, failure.ProviderCode ?? failure.Code);
        _json.WriteEndObject();
        if ((failure.PartialUsage ?? _usage) is { } usage)
        {
            WireOutput.WriteUsage(_json, usage);
        }

        Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Delta(ReadOnlySpan<byte> name, string text)
    {
        Begin();
        _json.WriteString(name, text);
        _json.WriteEndObject();
        End(null);
    }

    private void Call(int index, string? callId, string? name, string arguments)
    {
        Begin();
        _json.WriteStartArray("tool_calls"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, index);
        if (callId is not null)
        {
            _json.WriteString("id"u8, callId);
            _json.WriteString("type"u8, "function"u8);
        }

        _json.WriteStartObject("function"u8);
        if (name is not null)
        {
            _json.WriteString("name"u8, name);
        }

        _json.WriteString("arguments"u8, arguments);
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.WriteEndArray();
        _json.WriteEndObject();
        End(null);
    }

    private void Head()
    {
        into.Write("data: "u8);
        _json.WriteStartObject();
        _json.WriteString("id"u8, id);
        _json.WriteString("object"u8, "chat.completion.chunk"u8);
        _json.WriteNumber("created"u8, created.ToUnixTimeSeconds());
        _json.WriteString("model"u8, model);
    }

    private void Begin()
    {
        Head();
        _json.WriteStartArray("choices"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, 0);
        _json.WriteStartObject("delta"u8);
        if (!_began)
        {
            _json.WriteString("role"u8, "assistant"u8);
            _began = true;
        }
    }

    private void End(string? finish)
    {
        _json.WriteString("finish_reason"u8, finish);
        _json.WriteEndObject();
        _json.WriteEndArray();
        Flush();
    }

    private void Flush()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset(into);
        into.Write("\n\n"u8);
    }
}
