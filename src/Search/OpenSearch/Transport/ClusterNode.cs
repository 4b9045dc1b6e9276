namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>One address of the cluster and what is known of its health. Guarded by the pool it is in.</summary>
/// <param name="address">The configured address.</param>
internal sealed class ClusterNode(Uri address)
{
    /// <summary>The address without a slash at its end.</summary>
    public string Address { get; } = address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Host and port, for messages.</summary>
    public string Name { get; } = address.Authority;

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Timestamp up to which it is left alone; 0 when it is well.</summary>
    public long DeadUntil { get; set; }
}
