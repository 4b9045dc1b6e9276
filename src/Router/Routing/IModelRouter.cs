using AiPlatform.Core.Access;

namespace AiPlatform.Router.Routing;

/// <summary>Chooses the model that answers. Thread-safe.</summary>
public interface IModelRouter
{
    /// <summary>The models the scope may use, each once, healthy or not.</summary>
    /// <param name="scope">Who asks.</param>
    IReadOnlyList<RoutingTarget> List(AccessScope scope);

    /// <summary>Decides, records the decision and calls nobody. A decision without candidates is an answer, not an error.</summary>
    /// <param name="scope">Who asks. Model access and residency are hard: no fallback leaves them.</param>
    /// <param name="request">What for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<RoutingDecision> DecideAsync(AccessScope scope, RoutingRequest request, CancellationToken cancellationToken);
}
