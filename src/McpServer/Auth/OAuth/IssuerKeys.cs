using System.Text.Json;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Where the keys of one issuer come from: its configured key set, or the one its metadata names.</summary>
internal sealed class IssuerKeys(TrustedIssuerOptions issuer, IHttpClientFactory clients, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Names of the clients that fetch through the guard against internal addresses, and without it.</summary>
    public const string PublicClient = "oauth-issuer";

    public const string InternalClient = "oauth-issuer-internal";

    /// <exception cref="KeyFetchException">The keys could not be had.</exception>
    public async Task<(SigningKeySet Keys, TimeSpan? MaxAge)> FetchAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var http = clients.CreateClient(issuer.AllowInternal ? InternalClient : PublicClient);
            var url = issuer.JwksUri.Length > 0 ? new Uri(issuer.JwksUri) : await DiscoverAsync(http, either.Token);
            var document = await DocumentFetch.GetAsync(http, url, issuer.AllowInternal, either.Token);
            return (SigningKeySet.Read(document.Root) is { Count: > 0 } keys ? keys : throw new KeyFetchException($"{url} holds no usable key"), document.MaxAge);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new KeyFetchException($"no answer within {timeout.TotalSeconds:0} seconds");
        }
    }

    private async Task<Uri> DiscoverAsync(HttpClient http, CancellationToken cancellationToken)
    {
        KeyFetchException? last = null;
        foreach (var url in MetadataUrls())
        {
            try
            {
                return KeysUrl((await DocumentFetch.GetAsync(http, url, issuer.AllowInternal, cancellationToken)).Root, url);
            }
            catch (KeyFetchException failure)
            {
                last = failure;
            }
        }

        throw last!;
    }

    /// <summary>The well-known paths, in the order of the MCP specification: before the issuer's path, and for OpenID Connect also after it.</summary>
    private IEnumerable<Uri> MetadataUrls()
    {
        if (issuer.MetadataUrl.Length > 0)
        {
            return [new Uri(issuer.MetadataUrl)];
        }

        var url = new Uri(issuer.Issuer);
        var (authority, path) = (url.GetLeftPart(UriPartial.Authority), url.AbsolutePath.TrimEnd('/'));
        string[] places =
        [
            $"{authority}/.well-known/oauth-authorization-server{path}",
            $"{authority}/.well-known/openid-configuration{path}",
            $"{authority}{path}/.well-known/openid-configuration",
        ];
        return places.Distinct(StringComparer.Ordinal).Select(p => new Uri(p));
    }

    private Uri KeysUrl(JsonElement metadata, Uri from)
    {
        // The document must be the issuer's own: another tenant's metadata on the same host names other keys.
        if (!IsText(metadata, "issuer", out var named) || !string.Equals(named, issuer.Issuer, StringComparison.Ordinal))
        {
            throw new KeyFetchException($"{from} is not the metadata of this issuer");
        }

        return IsText(metadata, "jwks_uri", out var keys) && Uri.TryCreate(keys, UriKind.Absolute, out var url) && FetchableUrl.IsAllowed(url, issuer.AllowInternal)
            ? url
            : throw new KeyFetchException($"{from} names no usable jwks_uri");
    }

    private static bool IsText(JsonElement metadata, string name, out string? text)
    {
        text = metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }
}
