using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>A request of <c>/v1/chat/completions</c> as it was read.</summary>
public sealed class ChatRequest
{
    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation; at least one message.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a stream is to end with the usage (<c>stream_options.include_usage</c>).</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Writes what was asked for into the options of a call.</summary>
    public required Action<ChatOptions> Apply { get; init; }
}
