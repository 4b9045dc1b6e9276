using System.Collections.Immutable;

namespace AiPlatform.Router.Routing;

/// <summary>A model at a provider that a request can be sent to.</summary>
/// <param name="Provider">Provider name, as in <see cref="Core.Access.ProviderAccess.Provider"/>.</param>
/// <param name="Model">Model name at the provider.</param>
/// <param name="ProcessingRegions">Every region the request may be processed in, not only the endpoint's: a cross-region profile has several. Empty: not known.</param>
public sealed record RoutingTarget(string Provider, string Model, ImmutableArray<string> ProcessingRegions);
