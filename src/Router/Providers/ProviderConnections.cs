using System.Collections.Concurrent;
using AiPlatform.Router.Targets;

namespace AiPlatform.Router.Providers;

/// <summary>
/// Connections to providers, one pool a provider and region, so that a region in trouble takes no connection from another. Bounded; recycled, so that a change of addresses is followed.
/// Thread-safe.
/// </summary>
public sealed class ProviderConnections : IDisposable
{
    /// <summary>Connections of one pool at most; further calls wait.</summary>
    public const int MaxConnections = 256;

    private static readonly TimeSpan Recycle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Kind, string Provider, string Region, string Authority), HttpClient> _pools = [];

    /// <summary>The client of a target's pool; owned here.</summary>
    public HttpClient Of(ModelTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _pools.GetOrAdd((target.Kind, target.Target.Provider, target.Target.Region, target.BaseUrl?.Authority ?? ""), static _ => Make());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

#pragma warning disable RS0030 // the one place where connections to providers are made: a factory's short-lived handlers would hide how a pool does
    private static HttpClient Make() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = true,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Connect,
        MaxConnectionsPerServer = MaxConnections,
        PooledConnectionLifetime = Recycle,
        PooledConnectionIdleTimeout = Idle,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
#pragma warning restore RS0030
}
