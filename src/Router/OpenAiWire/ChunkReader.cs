using System.Text.Json;
using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Reads the events of one streamed answer, in order, and knows whether it came to its end. Not thread-safe.</summary>
internal sealed class ChunkReader
{
    private UsageDetails? _usage;
    private bool _finished;
    private bool _done;

    /// <summary>Whether the answer came to its end: services that speak the protocol leave out <c>[DONE]</c>, but never the reason of the finish.</summary>
    public bool IsComplete => _done || _finished;

    /// <summary>Whether nothing comes any more.</summary>
    public bool IsDone => _done;

    /// <summary>The usage, as far as it was told.</summary>
    public UsageDetails? Usage => _usage;

    /// <summary>Reads the data of an event; null for one that says nothing.</summary>
    /// <exception cref="RouterException">It is an error, or no chunk.</exception>
    public ChatResponseUpdate? Read(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _done = true;
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new RouterException(RouterFault.Malformed, "The provider's stream holds an event that is no chunk of a chat completion.", wrong) { PartialUsage = _usage };
        }
    }

    private ChatResponseUpdate? Read(JsonElement root)
    {
        if (root.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String)
        {
            throw WireError.Read(error, RouterFault.StreamError);
        }

        var update = new ChatResponseUpdate { ResponseId = Text(root, "id"), ModelId = Text(root, "model") };
        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            _usage = CompletionReader.ReadUsage(usage);
            update.Contents.Add(new UsageContent(_usage));
        }

        if (root.GetProperty("choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0)
        {
            ReadChoice(choices[0], update);
        }

        return update.Contents.Count > 0 || update.Role is not null || update.FinishReason is not null ? update : null;
    }

    private void ReadChoice(JsonElement choice, ChatResponseUpdate update)
    {
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
        {
            if (delta.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String)
            {
                update.Role = ChatRole.Assistant;
            }

            if (Text(delta, "reasoning_content") is { Length: > 0 } reasoning)
            {
                update.Contents.Add(new TextReasoningContent(reasoning));
            }

            if (Text(delta, "content") is { Length: > 0 } content)
            {
                update.Contents.Add(new TextContent(content));
            }

            if (Text(delta, "refusal") is { Length: > 0 } refusal)
            {
                update.Contents.Add(new ErrorContent(refusal) { ErrorCode = WireError.Refusal });
            }

            if (delta.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            {
                foreach (var call in calls.EnumerateArray())
                {
                    update.Contents.Add(ReadCall(call));
                }
            }
        }

        if (Text(choice, "finish_reason") is { } finish)
        {
            update.FinishReason = new ChatFinishReason(finish);
            _finished = true;
        }
    }

    private static ToolCallDelta ReadCall(JsonElement call)
    {
        var function = call.TryGetProperty("function", out var value) ? value : default;
        return new ToolCallDelta(
            call.TryGetProperty("index", out var index) ? index.GetInt32() : 0,
            Text(call, "id"),
            function.ValueKind == JsonValueKind.Object ? Text(function, "name") : null,
            function.ValueKind == JsonValueKind.Object ? Text(function, "arguments") ?? "" : "");
    }

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
