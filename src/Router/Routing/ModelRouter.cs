using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Router.Targets;
using AiPlatform.Router.Warmth;

namespace AiPlatform.Router.Routing;

/// <summary>Decides among the configured targets: rules first, then the score of the strategy. O(targets). Thread-safe.</summary>
public sealed class ModelRouter : IModelRouter
{
    /// <summary>The name that asks for any model.</summary>
    public const string AnyModel = "auto";

    private readonly TargetPool _pool;
    private readonly TimeProvider _time;

    /// <param name="pool">The targets.</param>
    /// <param name="time">The clock.</param>
    public ModelRouter(TargetPool pool, TimeProvider time) => (_pool, _time) = (pool, time);

    /// <inheritdoc/>
    public IReadOnlyList<RoutingTarget> List(AccessScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var now = _time.GetUtcNow();
        return [.. _pool.All.Where(t => Refusal(scope, t.Target, now) is null).Select(t => t.Target.Target).DistinctBy(t => t.Model, StringComparer.OrdinalIgnoreCase)];
    }

    /// <inheritdoc/>
    public ValueTask<RoutingDecision> DecideAsync(AccessScope scope, RoutingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(request);
        var now = _time.GetUtcNow();
        var candidates = new List<RoutingCandidate>();
        var rejections = ImmutableArray.CreateBuilder<RoutingRejection>();
        foreach (var health in _pool.All)
        {
            if (Refusal(scope, request, health, now) is { } reason)
            {
                rejections.Add(new RoutingRejection(health.Target.Target, reason));
            }
            else
            {
                candidates.Add(Candidate(scope, request, health));
            }
        }

        var strategy = request.Strategy ?? scope.RoutingStrategy;
        return ValueTask.FromResult(new RoutingDecision
        {
            Request = request,
            ScopeFingerprint = scope.Fingerprint,
            Strategy = strategy,
            DecidedAt = now,
            Candidates = [.. TargetScores.Order(candidates, strategy)],
            Rejections = rejections.DrainToImmutable(),
        });
    }

    private static RoutingRejectionReason? Refusal(AccessScope scope, ModelTarget target, DateTimeOffset now) =>
        RoutingEligibility.Refusal(scope, target.Target, now) ?? (scope.DataAccessLevel > target.HighestDataLevel ? RoutingRejectionReason.DataLevelTooHigh : null);

    /// <summary>Rights first, so that nothing else is told of what the caller may not use.</summary>
    private static RoutingRejectionReason? Refusal(AccessScope scope, RoutingRequest request, TargetHealth health, DateTimeOffset now)
    {
        var target = health.Target;
        if (Refusal(scope, target, now) is { } refused)
        {
            return refused;
        }

        if (request.Model is { } model && !string.Equals(model, AnyModel, StringComparison.OrdinalIgnoreCase) && !string.Equals(model, target.Target.Model, StringComparison.OrdinalIgnoreCase))
        {
            return RoutingRejectionReason.NotTheModelAskedFor;
        }

        if ((request.Needs & ~target.Abilities) != 0)
        {
            return RoutingRejectionReason.LacksAbility;
        }

        return request.InputTokens + (long)Math.Min(request.MaxOutputTokens, target.MaxOutputTokens) > target.ContextTokens ? RoutingRejectionReason.TooLarge
            : health.IsAway ? RoutingRejectionReason.Unhealthy
            : null;
    }

    private static RoutingCandidate Candidate(AccessScope scope, RoutingRequest request, TargetHealth health)
    {
        var target = health.Target;
        return new RoutingCandidate(target.Target, 0, WarmthState.Unknown)
        {
            Priority = scope.Providers.First(p => string.Equals(p.Provider, target.Target.Provider, StringComparison.OrdinalIgnoreCase)).Priority,
            ExpectedUsd = target.Price?.CostOf(request.InputTokens, 0, Math.Min(request.MaxOutputTokens, target.MaxOutputTokens)),
            ExpectedLatency = (request.Stream ? health.FirstToken : health.Whole).Ask(.5),
        };
    }
}
