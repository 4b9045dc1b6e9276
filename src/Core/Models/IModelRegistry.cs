using AiPlatform.Core.Access;

namespace AiPlatform.Core.Models;

/// <summary>Reads of the model registry. A model out of sight is answered exactly as a missing one. Thread-safe.</summary>
public interface IModelRegistry
{
    /// <summary>The models the scope sees; filtered before it is cut into pages, so that totals are of the visible set.</summary>
    ValueTask<ModelPage> ListAsync(AccessScope scope, ModelQuery query, CancellationToken cancellationToken);

    /// <summary>One model; null when it is missing or out of sight.</summary>
    /// <param name="scope">Who asks.</param>
    /// <param name="modelId">The model.</param>
    /// <param name="version">The version; null for the one of highest precedence that the scope sees.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<ModelView?> FindAsync(AccessScope scope, string modelId, ModelVersion? version, CancellationToken cancellationToken);
}
