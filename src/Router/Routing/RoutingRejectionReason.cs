namespace AiPlatform.Router.Routing;

/// <summary>Why a target was not a candidate.</summary>
public enum RoutingRejectionReason
{
    /// <summary>The facts behind the caller's scope have expired.</summary>
    ScopeExpired = 1,

    /// <summary>The caller's tier does not include the model.</summary>
    TierLacksModel,

    /// <summary>None of the caller's groups may use the provider's model.</summary>
    NoProviderAccess,

    /// <summary>It may be processed in a region that the caller's residency does not include, or nobody knows where.</summary>
    OutsideResidency,

    /// <summary>The caller asked for another model by name.</summary>
    NotTheModelAskedFor,

    /// <summary>It fails at present.</summary>
    Unhealthy,

    /// <summary>The request does not fit into it.</summary>
    TooLarge,

    /// <summary>The budget does not cover it.</summary>
    OverBudget,

    /// <summary>The request may not wait for its warm-up.</summary>
    Cold,

    /// <summary>The caller may see data of a higher level than may be sent there.</summary>
    DataLevelTooHigh,

    /// <summary>The request needs what it cannot do, such as tools or images.</summary>
    LacksAbility,
}
