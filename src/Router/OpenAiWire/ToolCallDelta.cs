using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>
/// A piece of a tool call on its way: providers stream arguments in fragments that are no JSON by themselves. The first piece of an index names the call and its function; the fragments of
/// one index, one behind the other, are the arguments.
/// </summary>
/// <param name="index">Which of the answer's calls, from 0.</param>
/// <param name="callId">Id of the call; null but in its first piece.</param>
/// <param name="name">Name of the function; null but in its first piece.</param>
/// <param name="arguments">A fragment of the arguments; may be empty.</param>
public sealed class ToolCallDelta(int index, string? callId, string? name, string arguments) : AIContent
{
    /// <summary>Which of the answer's calls, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>Id of the call; null but in its first piece.</summary>
    public string? CallId { get; } = callId;

    /// <summary>Name of the function; null but in its first piece.</summary>
    public string? Name { get; } = name;

    /// <summary>A fragment of the arguments.</summary>
    public string Arguments { get; } = arguments;
}
