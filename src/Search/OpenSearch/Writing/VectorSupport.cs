using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>Whether vectors of a length can be kept here.</summary>
internal static class VectorSupport
{
    /// <exception cref="CatalogRequestException">They are too long for every engine.</exception>
    public static void CheckDimensions(int dimensions)
    {
        if (dimensions is < 0 or > VectorLayout.MaxDimensions)
        {
            throw new CatalogRequestException(CatalogErrors.OutOfRange, "dimensions", $"Vectors have at most {VectorLayout.MaxDimensions} dimensions.");
        }
    }

    /// <exception cref="OpenSearchException">The cluster is none that can be used, or has no k-NN plugin.</exception>
    public static async ValueTask DemandAsync(WriteContext context, int dimensions, CancellationToken cancellationToken)
    {
        var server = await context.Outage.RideOutAsync("connecting", context.Probe.GetAsync, cancellationToken).ConfigureAwait(false);
        if (dimensions > 0 && !server.HasVectors)
        {
            throw new OpenSearchException(OpenSearchErrors.Unsupported, $"OpenSearch {server.Version} has no k-NN plugin, so it cannot hold vectors. Install opensearch-knn, or index the catalog without embeddings.");
        }
    }
}
