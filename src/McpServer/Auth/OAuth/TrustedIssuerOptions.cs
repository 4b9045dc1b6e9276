namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>An authorization server whose tokens are accepted.</summary>
internal sealed class TrustedIssuerOptions
{
    /// <summary>The issuer exactly as its tokens write it in <c>iss</c>: an https URL, or an http URL of this machine with <see cref="AllowInternal"/>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Where its metadata is. Default: found under the well-known paths of RFC 8414 and OpenID Connect.</summary>
    public string MetadataUrl { get; set; } = "";

    /// <summary>Where its keys are. Default: what its metadata says.</summary>
    public string JwksUri { get; set; } = "";

    /// <summary>Accepted audiences; a token must be for one of them. Default: the URL of this server.</summary>
    public IList<string> Audiences { get; init; } = [];

    /// <summary>Accepted signature algorithms. Default: RS256, PS256 and ES256, which are all there are.</summary>
    public IList<string> Algorithms { get; init; } = [];

    /// <summary>Whether its metadata and keys may be fetched from internal addresses. Default false.</summary>
    public bool AllowInternal { get; set; }
}
