using AiPlatform.Core.Access;
using AiPlatform.Router.Targets;

namespace AiPlatform.Router.Routing;

/// <summary>What a model is to be chosen for. It says nothing of the text: a decision can be replayed without it.</summary>
public sealed record RoutingRequest
{
    /// <summary>The request's id, kept in the decision.</summary>
    public required string RequestId { get; init; }

    /// <summary>The model the caller asked for by name; null when any will do.</summary>
    public string? Model { get; init; }

    /// <summary>How long it may wait.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>Estimated tokens of the input.</summary>
    public required int InputTokens { get; init; }

    /// <summary>Tokens the output may have; at least 1.</summary>
    public required int MaxOutputTokens { get; init; }

    /// <summary>What the target must be able to.</summary>
    public TargetAbilities Needs { get; init; }

    /// <summary>Another strategy than the group's; null for that one.</summary>
    public RoutingStrategy? Strategy { get; init; }

    /// <summary>Whether the answer is streamed. After the first token there is no failover.</summary>
    public bool Stream { get; init; }
}
