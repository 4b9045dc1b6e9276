namespace AiPlatform.Core.Usage;

/// <summary>What one model call used. Subject and groups are not in it: the meter takes them from the scope, so that nobody can be billed for another.</summary>
public sealed record UsageRecord
{
    /// <summary>The request; recording the same request, provider and model again changes nothing.</summary>
    public required string RequestId { get; init; }

    /// <summary>When the call ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Provider that answered.</summary>
    public required string Provider { get; init; }

    /// <summary>Model that answered.</summary>
    public required string Model { get; init; }

    /// <summary>Tokens of the input, cached ones included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the input that the provider read from its cache.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>Tokens of the output.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Price of the call in US dollars; null when the model's price is not known.</summary>
    public decimal? CostUsd { get; init; }
}
