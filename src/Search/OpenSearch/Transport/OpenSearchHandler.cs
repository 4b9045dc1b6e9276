using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>Makes the handler that keeps connections to the nodes.</summary>
internal static class OpenSearchHandler
{
    private const int LifetimeMinutes = 5;
    private const int IdleMinutes = 1;

    /// <summary>Keep-alive, no redirects, cookies or proxy; with a CA file, only what it signs is trusted. The name in the certificate is always checked.</summary>
    public static SocketsHttpHandler Create(OpenSearchOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = TimeSpan.FromMilliseconds(options.ConnectTimeoutMilliseconds),
            MaxConnectionsPerServer = options.MaxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(LifetimeMinutes),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(IdleMinutes),
        };
        if (options.CaFile.Length > 0)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(options.CaFile) };
        }

        return handler;
    }

    private static X509ChainPolicy TrustOnly(string file)
    {
        // An authority of one's own seldom publishes revocations, and an unreachable list would stop every connection.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
