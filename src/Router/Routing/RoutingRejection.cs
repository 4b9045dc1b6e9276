namespace AiPlatform.Router.Routing;

/// <summary>A target that was not a candidate.</summary>
/// <param name="Target">The target.</param>
/// <param name="Reason">The first rule that refused it.</param>
public sealed record RoutingRejection(RoutingTarget Target, RoutingRejectionReason Reason);
