using System.ComponentModel.DataAnnotations;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Access tokens beside API keys, section <c>OAuth</c> of the configuration. Off until an issuer is configured.</summary>
internal sealed class OAuthOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OAuth";

    /// <summary>Whose tokens are accepted. Default: nobody's.</summary>
    public IList<TrustedIssuerOptions> Issuers { get; init; } = [];

    /// <summary>The URL of this server as clients and issuers know it: what tokens must be for. Default: <c>Mcp:PublicUrl</c> with the path of the endpoint. Required, one or the other, once an issuer is configured.</summary>
    public string Resource { get; set; } = "";

    /// <summary>Name of this server for people. Default: <c>AiPlatform product search</c>.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string ResourceName { get; set; } = "AiPlatform product search";

    /// <summary>A page for people about using this server; empty for none.</summary>
    public string Documentation { get; set; } = "";

    /// <summary>Scopes of a token that carries no scope claim at all, separated by spaces; also what a client is told to ask for first. Default: <c>products:read</c>.</summary>
    public string DefaultScopes { get; set; } = "products:read";

    /// <summary>Seconds that the clocks of issuer and server may differ. Default 60.</summary>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 60;

    /// <summary>Seconds that one fetch of metadata or keys may take. Default 5.</summary>
    [Range(1, 60)]
    public int FetchTimeoutSeconds { get; set; } = 5;
}
