using AiPlatform.Core.Access;
using AiPlatform.Router.Routing;

namespace AiPlatform.Router.Targets;

/// <summary>A configured target: a model at a provider in a region, what it can do, what it costs, and how it is reached. Immutable.</summary>
public sealed record ModelTarget
{
    /// <summary>Provider, model and region as policies, callers and decisions name them, and where requests are processed.</summary>
    public required RoutingTarget Target { get; init; }

    /// <summary>Which adapter speaks to it, as <see cref="Providers.IChatProvider.Kind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The model's name at the provider.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>Base address; null for the provider's own.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>What it can do besides text.</summary>
    public TargetAbilities Abilities { get; init; }

    /// <summary>Tokens of input and output together at most.</summary>
    public int ContextTokens { get; init; } = 128_000;

    /// <summary>Tokens of output at most, and the number sent where the caller names none and the provider wants one.</summary>
    public int MaxOutputTokens { get; init; } = 4_096;

    /// <summary>What it costs; null when not known, which is never the cheapest.</summary>
    public TargetPrice? Price { get; init; }

    /// <summary>The highest level of data that may be sent there.</summary>
    public DataAccessLevel HighestDataLevel { get; init; } = DataAccessLevel.Confidential;
}
