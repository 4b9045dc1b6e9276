using AiPlatform.Router.Warmth;

namespace AiPlatform.Router.Routing;

/// <summary>A target that may answer, with everything its place was decided by.</summary>
/// <param name="Target">The target.</param>
/// <param name="Score">Larger is better; comparable only inside one decision.</param>
/// <param name="Warmth">Its warmth when the decision was made.</param>
public sealed record RoutingCandidate(RoutingTarget Target, double Score, WarmthState Warmth)
{
    /// <summary>The place of its provider among those the caller may use; smaller is tried first.</summary>
    public int Priority { get; init; }

    /// <summary>What the request is expected to cost there, in US dollars; null when the price is not known.</summary>
    public decimal? ExpectedUsd { get; init; }

    /// <summary>How long an answer is expected to take, by what was seen lately; null when nothing was.</summary>
    public TimeSpan? ExpectedLatency { get; init; }
}
