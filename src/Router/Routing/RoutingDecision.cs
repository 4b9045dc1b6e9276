using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Router.Routing;

/// <summary>A recorded choice: everything that is needed to see later why it came out so. An expected outcome is that nobody may answer.</summary>
public sealed record RoutingDecision
{
    /// <summary>The request.</summary>
    public required RoutingRequest Request { get; init; }

    /// <summary>Fingerprint of the scope it was decided for.</summary>
    public required string ScopeFingerprint { get; init; }

    /// <summary>The strategy in effect.</summary>
    public required RoutingStrategy Strategy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Targets that may answer, best first: the first is used, the others are its fallbacks in order.</summary>
    public required ImmutableArray<RoutingCandidate> Candidates { get; init; }

    /// <summary>Every other known target, with the reason.</summary>
    public required ImmutableArray<RoutingRejection> Rejections { get; init; }

    /// <summary>The target to use; null when nobody may answer.</summary>
    public RoutingTarget? Chosen => Candidates.IsDefaultOrEmpty ? null : Candidates[0].Target;
}
