using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Http;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Checks the options across fields and reports every error.</summary>
internal sealed class OAuthOptionsValidator(IOptions<McpHttpOptions> mcp) : IValidateOptions<OAuthOptions>
{
    /// <summary>The largest number of issuers.</summary>
    public const int MaxIssuers = 32;

    public ValidateOptionsResult Validate(string? name, OAuthOptions options)
    {
        var errors = new List<string>();
        if (options.Issuers.Count == 0)
        {
            return ValidateOptionsResult.Success;
        }

        CheckResource(options, errors);
        if (options.Documentation.Length > 0 && !Uri.TryCreate(options.Documentation, UriKind.Absolute, out _))
        {
            errors.Add("OAuth:Documentation is not an absolute URL.");
        }

        foreach (var scope in OAuthResource.Split(options.DefaultScopes).Where(s => !PermissionCeiling.IsName(s)))
        {
            errors.Add($"OAuth:DefaultScopes names `{scope}`; a scope is written resource:action, such as products:read.");
        }

        if (options.Issuers.Count > MaxIssuers)
        {
            errors.Add($"OAuth:Issuers has {options.Issuers.Count} entries; at most {MaxIssuers} are possible.");
        }

        for (var i = 0; i < options.Issuers.Count; i++)
        {
            CheckIssuer(options.Issuers[i], $"OAuth:Issuers:{i}", errors);
        }

        foreach (var twice in options.Issuers.GroupBy(i => i.Issuer, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            errors.Add($"OAuth:Issuers names `{twice.Key}` more than once; keep one.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private void CheckResource(OAuthOptions options, List<string> errors)
    {
        var resource = OAuthResource.UrlOf(options, mcp.Value);
        if (resource.Length == 0)
        {
            errors.Add("OAuth:Resource is missing; set it, or Mcp:PublicUrl, to the URL by which clients reach this server, so that tokens for another server are refused.");
        }
        else if (!Uri.TryCreate(resource, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            || uri.Fragment.Length > 0 || uri.Query.Length > 0 || uri.UserInfo.Length > 0)
        {
            errors.Add($"OAuth:Resource is `{resource}`; it must be an https URL without query and fragment (http only for this machine).");
        }
    }

    private static void CheckIssuer(TrustedIssuerOptions issuer, string path, List<string> errors)
    {
        if (!Uri.TryCreate(issuer.Issuer, UriKind.Absolute, out var uri) || !FetchableUrl.IsAllowed(uri, issuer.AllowInternal) || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            errors.Add($"{path}:Issuer is `{issuer.Issuer}`; it must be an https URL without query and fragment (http only for this machine, with AllowInternal).");
        }

        foreach (var (key, url) in new[] { ("MetadataUrl", issuer.MetadataUrl), ("JwksUri", issuer.JwksUri) })
        {
            if (url.Length > 0 && !(Uri.TryCreate(url, UriKind.Absolute, out var fetched) && FetchableUrl.IsAllowed(fetched, issuer.AllowInternal)))
            {
                errors.Add($"{path}:{key} is `{url}`; it must be an https URL (http only for this machine, with AllowInternal).");
            }
        }

        foreach (var algorithm in issuer.Algorithms.Where(a => !SigningKey.Algorithms.Contains(a)))
        {
            errors.Add($"{path}:Algorithms names `{algorithm}`; use {string.Join(", ", SigningKey.Algorithms)}.");
        }

        if (issuer.Audiences.Any(string.IsNullOrWhiteSpace))
        {
            errors.Add($"{path}:Audiences has an empty entry; leave the list out to accept the URL of this server.");
        }
    }
}
