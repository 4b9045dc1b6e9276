using System.Collections.Immutable;

namespace AiPlatform.Router.Routing;

/// <summary>A model at a provider that a request can be sent to, as decisions name it.</summary>
/// <param name="Provider">Provider name, as in <see cref="Core.Access.ProviderAccess.Provider"/>.</param>
/// <param name="Model">Model name that policies and callers use.</param>
/// <param name="ProcessingRegions">Every region the request may be processed in, not only the endpoint's: a cross-region profile has several. Empty: not known.</param>
public sealed record RoutingTarget(string Provider, string Model, ImmutableArray<string> ProcessingRegions)
{
    /// <summary>Region of the endpoint; empty where there is none. Connections, health and warmth are by region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Unique name: <c>provider/model</c>, with <c>@region</c> where there is one.</summary>
    public string Id => Region.Length == 0 ? $"{Provider}/{Model}" : $"{Provider}/{Model}@{Region}";
}
