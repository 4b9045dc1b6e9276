using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Calls;

/// <summary>A call that was not answered. The message is meant for the caller: it names no address, key or text of the request.</summary>
public sealed class RouterException : Exception
{
    /// <param name="fault">What went wrong.</param>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="inner">The cause, for the log.</param>
    public RouterException(RouterFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What went wrong.</summary>
    public RouterFault Fault { get; }

    /// <summary>The stable code.</summary>
    public string Code => RouterFaults.CodeOf(Fault);

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsRetryable => RouterFaults.IsTransient(Fault);

    /// <summary>The provider's own status; null where there was none.</summary>
    public int? ProviderStatus { get; init; }

    /// <summary>The provider's own error type, such as <c>rate_limit_error</c>, kept for clients that know it.</summary>
    public string? ProviderType { get; init; }

    /// <summary>The provider's own error code.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>The argument that is wrong; null for none.</summary>
    public string? Argument { get; init; }

    /// <summary>How long the provider asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was used before it went wrong; null when nobody said.</summary>
    public UsageDetails? PartialUsage { get; init; }
}
