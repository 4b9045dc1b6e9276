using AiPlatform.Router.Calls;

namespace AiPlatform.Router.Routing;

/// <summary>Words for a decision that names nobody. Targets out of the caller's rights are not told from missing ones.</summary>
internal static class RoutingRefusal
{
    public static RouterException Of(RoutingDecision decision, TargetPool pool)
    {
        var allowed = decision.Rejections.Where(r => !IsARight(r.Reason) && r.Reason != RoutingRejectionReason.NotTheModelAskedFor).ToArray();
        if (allowed.Length == 0)
        {
            return decision.Request.Model is { } model && !string.Equals(model, ModelRouter.AnyModel, StringComparison.OrdinalIgnoreCase)
                ? new RouterException(RouterFault.ModelNotFound, $"The model '{model}' does not exist or you do not have access to it.") { Argument = "model" }
                : new RouterException(RouterFault.ModelNotFound, "There is no model that you have access to. Ask an administrator to give your groups a provider.");
        }

        if (allowed.All(r => r.Reason == RoutingRejectionReason.TooLarge))
        {
            return new RouterException(RouterFault.TooLarge, $"The request has about {decision.Request.InputTokens} tokens, more than the model takes. Shorten it.") { Argument = "messages" };
        }

        if (allowed.Any(r => r.Reason == RoutingRejectionReason.Unhealthy))
        {
            var away = allowed.Where(r => r.Reason == RoutingRejectionReason.Unhealthy).Min(r => pool.Of(r.Target).Away);
            return new RouterException(RouterFault.Unavailable, "The model is left alone for a while, because it failed or is throttled. Try again soon.") { RetryAfter = away > TimeSpan.Zero ? away : null };
        }

        var reasons = string.Join(", ", allowed.Select(r => r.Reason).Distinct().Select(WordsOf));
        return new RouterException(RouterFault.NoEligibleModel, $"No model can take this request: {reasons}.");
    }

    private static bool IsARight(RoutingRejectionReason reason) => reason is
        RoutingRejectionReason.ScopeExpired or RoutingRejectionReason.TierLacksModel or RoutingRejectionReason.NoProviderAccess or RoutingRejectionReason.OutsideResidency or RoutingRejectionReason.DataLevelTooHigh;

    private static string WordsOf(RoutingRejectionReason reason) => reason switch
    {
        RoutingRejectionReason.TooLarge => "it is too large",
        RoutingRejectionReason.LacksAbility => "it needs tools, images, a JSON schema or parameters that the model lacks",
        RoutingRejectionReason.OverBudget => "the budget does not cover it",
        RoutingRejectionReason.Cold => "the model is cold and the request may not wait",
        _ => "it is not allowed",
    };
}
