using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Calls;

/// <summary>Options of a chat that carry the call. Every stage of the pipeline takes them: without a call there is no scope to judge by, and so no answer.</summary>
public sealed class RouterChatOptions : ChatOptions
{
    /// <param name="call">The call.</param>
    public RouterChatOptions(RouterCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Call = call;
    }

    private RouterChatOptions(RouterChatOptions other)
        : base(other) => Call = other.Call;

    /// <summary>The call.</summary>
    public RouterCall Call { get; }

    /// <summary>The call of the options.</summary>
    /// <exception cref="ArgumentException">The options carry none.</exception>
    public static RouterCall CallOf(ChatOptions? options) =>
        (options as RouterChatOptions)?.Call ?? throw new ArgumentException($"A chat of the router needs {nameof(RouterChatOptions)}: they say who asks.", nameof(options));

    /// <inheritdoc/>
    public override ChatOptions Clone() => new RouterChatOptions(this);
}
