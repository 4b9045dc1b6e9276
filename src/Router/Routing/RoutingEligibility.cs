using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Router.Routing;

/// <summary>The rules that no score can outweigh: whether a scope may use a target at all. Pure.</summary>
public static class RoutingEligibility
{
    private const string Any = "*";

    /// <summary>The first rule that refuses the target for the scope; null when none does. Names are compared without case.</summary>
    /// <param name="scope">Who asks.</param>
    /// <param name="target">The target.</param>
    /// <param name="now">The moment to judge at.</param>
    public static RoutingRejectionReason? Refusal(AccessScope scope, RoutingTarget target, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(target);
        if (now >= scope.FactsExpireAt)
        {
            return RoutingRejectionReason.ScopeExpired;
        }

        if (!Names(scope.Tier.AllowedModels, target.Model))
        {
            return RoutingRejectionReason.TierLacksModel;
        }

        if (!scope.Providers.Any(p => string.Equals(p.Provider, target.Provider, StringComparison.OrdinalIgnoreCase) && Names(p.Models, target.Model)))
        {
            return RoutingRejectionReason.NoProviderAccess;
        }

        return StaysInside(scope, target) ? null : RoutingRejectionReason.OutsideResidency;
    }

    private static bool Names(ImmutableArray<string> models, string model) =>
        models.Any(m => m == Any || string.Equals(m, model, StringComparison.OrdinalIgnoreCase));

    /// <summary>Every region the target may use must be allowed, so a target of unknown regions fits only a scope without residency.</summary>
    private static bool StaysInside(AccessScope scope, RoutingTarget target) =>
        scope.Residency.IsEmpty
        || (!scope.ResidencyConflict && !target.ProcessingRegions.IsEmpty
            && target.ProcessingRegions.All(r => scope.Residency.Contains(r, StringComparer.OrdinalIgnoreCase)));
}
