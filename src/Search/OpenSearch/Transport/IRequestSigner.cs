namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>Adds to a request what proves who sends it. Thread-safe.</summary>
internal interface IRequestSigner
{
    /// <summary>Signs the request as it will be sent.</summary>
    ValueTask SignAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Looks whether the credentials changed since they were refused; true when it is worth trying again.</summary>
    bool Renew();
}
