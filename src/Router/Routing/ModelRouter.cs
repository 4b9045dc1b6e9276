using System.Collections.Frozen;
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

    private readonly ImmutableArray<TargetHealth> _targets;
    private readonly FrozenDictionary<string, TargetHealth> _byId;
    private readonly TimeProvider _time;

    /// <param name="targets">The targets; ids are unique.</param>
    /// <param name="time">The clock.</param>
    public ModelRouter(IEnumerable<ModelTarget> targets, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(targets);
        _targets = [.. targets.Select(t => new TargetHealth(t, time))];
        _byId = _targets.ToFrozenDictionary(t => t.Target.Target.Id, StringComparer.Ordinal);
        _time = time;
    }

    /// <summary>How all targets do.</summary>
    public IReadOnlyList<TargetHealth> Targets => _targets;

    /// <summary>How a target of a decision does.</summary>
    public TargetHealth Of(RoutingTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _byId[target.Id];
    }

    /// <inheritdoc/>
    public ValueTask<RoutingDecision> DecideAsync(AccessScope scope, RoutingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(request);
        var now = _time.GetUtcNow();
        var candidates = new List<RoutingCandidate>();
        var rejections = ImmutableArray.CreateBuilder<RoutingRejection>();
        foreach (var health in _targets)
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

    /// <summary>Rights first, so that nothing else is told of what the caller may not use.</summary>
    private static RoutingRejectionReason? Refusal(AccessScope scope, RoutingRequest request, TargetHealth health, DateTimeOffset now)
    {
        var target = health.Target;
        if (RoutingEligibility.Refusal(scope, target.Target, now) is { } refused)
        {
            return refused;
        }

        if (scope.DataAccessLevel > target.HighestDataLevel)
        {
            return RoutingRejectionReason.DataLevelTooHigh;
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
