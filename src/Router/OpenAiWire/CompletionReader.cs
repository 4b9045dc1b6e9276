using System.Text.Json;
using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Reads a whole answer of chat completions.</summary>
public static class CompletionReader
{
    /// <summary>Reads an answer; O(its size).</summary>
    /// <exception cref="RouterException"><see cref="RouterFault.Malformed"/>: it is no completion.</exception>
    public static ChatResponse Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw new RouterException(RouterFault.Malformed, "The provider's answer is no chat completion.", wrong);
        }
    }

    private static ChatResponse Read(JsonElement root)
    {
        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            throw WireError.Read(error, RouterFault.StreamError);
        }

        var choice = root.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        var answer = new ChatMessage { Role = ChatRole.Assistant };
        if (message.TryGetProperty("reasoning_content", out var reasoning) && reasoning.ValueKind == JsonValueKind.String)
        {
            answer.Contents.Add(new TextReasoningContent(reasoning.GetString()));
        }

        if (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
        {
            answer.Contents.Add(new TextContent(content.GetString()));
        }

        if (message.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String)
        {
            answer.Contents.Add(new ErrorContent(refusal.GetString()!) { ErrorCode = WireError.Refusal });
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray())
            {
                var function = call.GetProperty("function");
                answer.Contents.Add(MessageReader.Call(call.GetProperty("id").GetString()!, function.GetProperty("name").GetString()!, function.GetProperty("arguments").GetString()!));
            }
        }

        return new ChatResponse(answer)
        {
            ResponseId = root.TryGetProperty("id", out var id) ? id.GetString() : null,
            ModelId = root.TryGetProperty("model", out var model) ? model.GetString() : null,
            CreatedAt = root.TryGetProperty("created", out var created) && created.ValueKind == JsonValueKind.Number ? DateTimeOffset.FromUnixTimeSeconds(created.GetInt64()) : null,
            FinishReason = choice.TryGetProperty("finish_reason", out var finish) && finish.GetString() is { } reason ? new ChatFinishReason(reason) : null,
            Usage = root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object ? ReadUsage(usage) : null,
            AdditionalProperties = Extra(root, choice),
        };
    }

    /// <summary>Usage of an answer or of the end of a stream.</summary>
    internal static UsageDetails ReadUsage(JsonElement usage) => new()
    {
        InputTokenCount = Count(usage, "prompt_tokens"),
        OutputTokenCount = Count(usage, "completion_tokens"),
        TotalTokenCount = Count(usage, "total_tokens"),
        CachedInputTokenCount = usage.TryGetProperty("prompt_tokens_details", out var input) && input.ValueKind == JsonValueKind.Object ? Count(input, "cached_tokens") : null,
        ReasoningTokenCount = usage.TryGetProperty("completion_tokens_details", out var output) && output.ValueKind == JsonValueKind.Object ? Count(output, "reasoning_tokens") : null,
    };

    private static long? Count(JsonElement parent, string name) => parent.TryGetProperty(name, out var count) && count.ValueKind == JsonValueKind.Number ? count.GetInt64() : null;

    /// <summary>What callers of the same protocol may have asked for: log probabilities, and whose service it was.</summary>
    private static AdditionalPropertiesDictionary? Extra(JsonElement root, JsonElement choice)
    {
        Dictionary<string, JsonElement>? extra = null;
        Keep(choice, "logprobs");
        Keep(root, "system_fingerprint");
        Keep(root, "service_tier");
        return extra is null ? null : new AdditionalPropertiesDictionary { [ExtraParameters.Property] = extra };

        void Keep(JsonElement parent, string name)
        {
            if (parent.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                (extra ??= new Dictionary<string, JsonElement>(StringComparer.Ordinal))[name] = value.Clone();
            }
        }
    }
}
