namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>What was found out about the cluster at connect.</summary>
/// <param name="Version">Its version; 0.0 for a serverless collection, which does not tell.</param>
/// <param name="HasVectors">Whether the k-NN plugin is there, without which there is no vector leg.</param>
/// <param name="Uuid">The cluster's own id; empty when it does not tell.</param>
internal sealed record ServerInfo(Version Version, bool HasVectors, string Uuid)
{
    /// <summary>Whether it is of the third generation: derived source, no old k-NN index settings.</summary>
    public bool IsThree => Version.Major >= 3;
}
