using System.Text.Json;
using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Reads requests of OpenAI's chat completions (platform.openai.com/docs/api-reference/chat/create). What is wrong is told by its path.</summary>
public static class ChatRequestReader
{
    /// <summary>Messages of a request at most.</summary>
    public const int MaxMessages = 2_048;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Reads a request.</summary>
    /// <param name="body">JSON in UTF-8.</param>
    /// <exception cref="RouterException"><see cref="RouterFault.InvalidRequest"/>, with the argument.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (JsonException wrong)
        {
            throw Wire.Wrong(null, $"The body is no JSON: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine}.");
        }

        using (document)
        {
            return Read(Wire.Object(document.RootElement, null));
        }
    }

    private static ChatRequest Read(JsonElement root)
    {
        var options = new ChatOptions();
        string? model = null;
        IReadOnlyList<ChatMessage>? messages = null;
        var (stream, usage) = (false, false);
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (member.Name)
            {
                case "model":
                    model = Wire.Text(member.Value, "model");
                    break;
                case "messages":
                    messages = ReadMessages(Wire.Array(member.Value, "messages"));
                    break;
                case "stream":
                    stream = Wire.Flag(member.Value, "stream");
                    break;
                case "stream_options":
                    usage = Wire.Object(member.Value, "stream_options").TryGetProperty("include_usage", out var include) && Wire.Flag(include, "stream_options.include_usage");
                    break;
                default:
                    ChatParameters.Read(member, options);
                    break;
            }
        }

        if (model is not { Length: > 0 })
        {
            throw Wire.Wrong("model", "You must provide a model parameter.");
        }

        if (messages is not { Count: > 0 })
        {
            throw Wire.Wrong("messages", "There must be at least one message.");
        }

        return new ChatRequest { Model = model, Messages = messages, Stream = stream, IncludeUsage = usage, Apply = target => ChatParameters.Copy(options, target) };
    }

    private static List<ChatMessage> ReadMessages(JsonElement messages)
    {
        if (messages.GetArrayLength() > MaxMessages)
        {
            throw Wire.Wrong("messages", $"More than {MaxMessages} messages.");
        }

        var read = new List<ChatMessage>(messages.GetArrayLength());
        foreach (var message in messages.EnumerateArray())
        {
            read.Add(MessageReader.Read(message, $"messages[{read.Count}]"));
        }

        return read;
    }
}
