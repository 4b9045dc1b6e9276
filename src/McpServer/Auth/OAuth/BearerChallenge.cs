namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>What <c>WWW-Authenticate</c> says (RFC 6750, RFC 9728). Without OAuth it names no metadata: a client must not look for an authorization server that there is not.</summary>
internal sealed class BearerChallenge(OAuthResource resource)
{
    private const string Scheme = "Bearer realm=\"aiplatform\"";

    /// <summary>Nothing was presented.</summary>
    public string Missing { get; } = Scheme + Where(resource, string.Join(' ', resource.DefaultScopes));

    /// <summary>What was presented is not valid.</summary>
    public string Invalid { get; } = Scheme + ", error=\"invalid_token\"" + Where(resource, string.Join(' ', resource.DefaultScopes));

    /// <summary>The token is good and its scopes do not reach.</summary>
    /// <param name="scopes">All that are needed; names of permissions, so nothing in them needs escaping.</param>
    public string Insufficient(IEnumerable<string> scopes) => Scheme + ", error=\"insufficient_scope\"" + Where(resource, string.Join(' ', scopes));

    private static string Where(OAuthResource resource, string scopes) =>
        !resource.IsOn ? ""
        : scopes.Length == 0 ? $", resource_metadata=\"{resource.MetadataUrl}\""
        : $", scope=\"{scopes}\", resource_metadata=\"{resource.MetadataUrl}\"";
}
