using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>The issuers of the configuration, by name.</summary>
internal sealed class TrustedIssuers : IDisposable
{
    private readonly FrozenDictionary<string, TrustedIssuer> _byName;

    public TrustedIssuers(IOptions<OAuthOptions> options, OAuthResource resource, IHttpClientFactory clients, TimeProvider time, ILogger<JwksCache> logger)
    {
        var timeout = TimeSpan.FromSeconds(options.Value.FetchTimeoutSeconds);
        _byName = options.Value.Issuers.ToFrozenDictionary(
            i => i.Issuer,
            i => new TrustedIssuer(
                i.Issuer,
                (i.Audiences.Count > 0 ? i.Audiences : [resource.Url]).ToFrozenSet(StringComparer.Ordinal),
                (i.Algorithms.Count > 0 ? i.Algorithms : SigningKey.Algorithms).ToFrozenSet(StringComparer.Ordinal),
                new JwksCache(i.Issuer, new IssuerKeys(i, clients, timeout, time), time, logger)),
            StringComparer.Ordinal);
        Names = [.. options.Value.Issuers.Select(i => i.Issuer)];
    }

    /// <summary>The issuers in the order of the configuration.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Null for an issuer that is not trusted.</summary>
    public TrustedIssuer? Find(string? name) => name is null ? null : _byName.GetValueOrDefault(name);

    public void Dispose()
    {
        foreach (var issuer in _byName.Values)
        {
            issuer.Keys.Dispose();
        }
    }
}
