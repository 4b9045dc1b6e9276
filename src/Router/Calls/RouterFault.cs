namespace AiPlatform.Router.Calls;

/// <summary>What went wrong with a call. Each has one stable code, and says whether another target, or a later call, may do better.</summary>
public enum RouterFault
{
    /// <summary>The request itself is wrong, whoever answers it: <c>invalid_request</c>.</summary>
    InvalidRequest = 1,

    /// <summary>No target is known by the name asked for, or none that the caller may use: <c>model_not_found</c>. Forbidden and missing are told alike.</summary>
    ModelNotFound,

    /// <summary>Targets are known and allowed, and none can take this request: <c>no_eligible_model</c>.</summary>
    NoEligibleModel,

    /// <summary>The request is larger than the caller, or every allowed target, takes: <c>request_too_large</c>.</summary>
    TooLarge,

    /// <summary>The provider has no room now (429): <c>provider_throttled</c>. Another target, or a later call, may do.</summary>
    Throttled,

    /// <summary>The provider failed (5xx, 424): <c>provider_unavailable</c>.</summary>
    Unavailable,

    /// <summary>No connection to the provider, or it was cut before the first byte: <c>provider_unreachable</c>.</summary>
    Unreachable,

    /// <summary>The provider did not answer in time: <c>provider_timeout</c>.</summary>
    Timeout,

    /// <summary>The provider refused the request (400, 413, 422): <c>provider_refused_request</c>. Another target of the same kind would, too.</summary>
    Refused,

    /// <summary>The provider refused the platform's credentials (401, 403): <c>provider_refused_credentials</c>. An operator has to act.</summary>
    Credentials,

    /// <summary>The provider does not know the model (404): <c>provider_lacks_model</c>. An operator has to act.</summary>
    LacksModel,

    /// <summary>The answer is not what the provider's protocol says: <c>provider_malformed</c>.</summary>
    Malformed,

    /// <summary>The answer ended before its end: <c>provider_truncated</c>. What came so far stands; it is never cached.</summary>
    Truncated,

    /// <summary>The provider sent an error in the middle of its answer: <c>provider_stream_error</c>.</summary>
    StreamError,
}
