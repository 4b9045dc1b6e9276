namespace AiPlatform.Router.Calls;

/// <summary>Codes of faults, and what they call for.</summary>
public static class RouterFaults
{
    /// <summary>The stable code of a fault.</summary>
    public static string CodeOf(RouterFault fault) => fault switch
    {
        RouterFault.InvalidRequest => "invalid_request",
        RouterFault.ModelNotFound => "model_not_found",
        RouterFault.NoEligibleModel => "no_eligible_model",
        RouterFault.TooLarge => "request_too_large",
        RouterFault.Throttled => "provider_throttled",
        RouterFault.Unavailable => "provider_unavailable",
        RouterFault.Unreachable => "provider_unreachable",
        RouterFault.Timeout => "provider_timeout",
        RouterFault.Refused => "provider_refused_request",
        RouterFault.Credentials => "provider_refused_credentials",
        RouterFault.LacksModel => "provider_lacks_model",
        RouterFault.Malformed => "provider_malformed",
        RouterFault.Truncated => "provider_truncated",
        RouterFault.StreamError => "provider_stream_error",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no fault"),
    };

    /// <summary>Whether the same call may succeed later, as far as one can tell.</summary>
    public static bool IsTransient(RouterFault fault) => fault is
        RouterFault.Throttled or RouterFault.Unavailable or RouterFault.Unreachable or RouterFault.Timeout or RouterFault.Malformed or RouterFault.Truncated or RouterFault.StreamError;

    /// <summary>Whether another target may be asked, as long as no byte of the answer went out. A wrong request is wrong everywhere; credentials and a missing model are one target's trouble.</summary>
    public static bool IsWorthAnotherTarget(RouterFault fault) => IsTransient(fault) || fault is RouterFault.Credentials or RouterFault.LacksModel;

    /// <summary>Whether the same target is asked again after a pause: only trouble that is over soon, and not where the provider says how long to stay away.</summary>
    public static bool IsWorthARetry(RouterFault fault) => fault is RouterFault.Unavailable or RouterFault.Unreachable or RouterFault.Malformed or RouterFault.Truncated;
}
