using AiPlatform.Core.Access;
using AiPlatform.Router.Routing;
using AiPlatform.Router.Targets;

namespace AiPlatform.Router.Calls;

/// <summary>
/// One call on its way through the pipeline: who asks, how it is to be treated, and, once it is answered, what came of it. The stages write what they did; the door reads it for its
/// envelope. Used by one call only; not thread-safe.
/// </summary>
public sealed class RouterCall
{
    /// <param name="scope">Who asks: every stage judges by it.</param>
    /// <param name="requestId">Id of the request, in decisions, metering and telemetry.</param>
    public RouterCall(AccessScope scope, string requestId)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        Scope = scope;
        RequestId = requestId;
    }

    /// <summary>Who asks.</summary>
    public AccessScope Scope { get; }

    /// <summary>Id of the request.</summary>
    public string RequestId { get; }

    /// <summary>How long it may wait.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>Another strategy than the group's; null for that one.</summary>
    public RoutingStrategy? Strategy { get; init; }

    /// <summary>The decision; null before routing.</summary>
    public RoutingDecision? Decision { get; set; }

    /// <summary>The target that answered, or was asked last.</summary>
    public ModelTarget? AnsweredBy { get; set; }

    /// <summary>How many times a provider was called.</summary>
    public int Attempts { get; set; }
}
