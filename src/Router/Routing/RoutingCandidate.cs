using AiPlatform.Router.Warmth;

namespace AiPlatform.Router.Routing;

/// <summary>A target that may answer.</summary>
/// <param name="Target">The target.</param>
/// <param name="Score">Larger is better; comparable only inside one decision.</param>
/// <param name="Warmth">Its warmth when the decision was made.</param>
public sealed record RoutingCandidate(RoutingTarget Target, double Score, WarmthState Warmth);
