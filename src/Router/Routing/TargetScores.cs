using AiPlatform.Core.Access;

namespace AiPlatform.Router.Routing;

/// <summary>Places candidates by a strategy, from nothing but what the candidates say, so that a recorded decision comes out the same again. Pure.</summary>
public static class TargetScores
{
    /// <summary>What stands for a latency nobody has seen: an unknown target is tried, but not preferred to a fast one.</summary>
    public static readonly TimeSpan UnseenLatency = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Best first: the first by score, the rest, its fallbacks, by the priority of their provider and then by score. Equal scores keep the order of priority and then of id.
    /// </summary>
    /// <param name="candidates">The candidates, in any order.</param>
    /// <param name="strategy">By what.</param>
    public static IReadOnlyList<RoutingCandidate> Order(IReadOnlyList<RoutingCandidate> candidates, RoutingStrategy strategy)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            return [];
        }

        var (cheapest, fastest) = (candidates.Min(c => c.ExpectedUsd) ?? 0, candidates.Min(LatencyOf));
        var scored = candidates
            .Select(c => c with { Score = Score(c, strategy, cheapest, fastest) })
            .OrderByDescending(c => c.Score).ThenBy(c => c.Priority).ThenBy(c => c.Target.Id, StringComparer.Ordinal)
            .ToArray();
        return [scored[0], .. scored.Skip(1).OrderBy(c => c.Priority)];
    }

    private static TimeSpan LatencyOf(RoutingCandidate candidate) => candidate.ExpectedLatency ?? UnseenLatency;

    /// <summary>From 0 to 1: the share of the best among the candidates.</summary>
    private static double Score(RoutingCandidate candidate, RoutingStrategy strategy, decimal cheapest, TimeSpan fastest)
    {
        var price = candidate.ExpectedUsd is { } usd ? usd == 0 ? 1 : (double)(cheapest / usd) : 0;
        var speed = fastest / LatencyOf(candidate);
        var closeness = candidate.Target.ProcessingRegions.IsDefaultOrEmpty ? 0 : 1.0 / candidate.Target.ProcessingRegions.Length;
        return strategy switch
        {
            RoutingStrategy.Cost => price,
            RoutingStrategy.Latency => speed,
            RoutingStrategy.Compliance => closeness,
            _ => (price + speed + (1.0 / (1 + candidate.Priority))) / 3,
        };
    }
}
