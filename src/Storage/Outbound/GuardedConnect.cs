using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Storage.Outbound;

/// <summary>
/// Opens the connections of outgoing requests whose address is configured or comes from elsewhere (key sets of issuers, feeds, web hooks). The name is
/// resolved here and the connection goes to the address that was checked, so a name that changes its address in between changes nothing.
/// Thread-safe.
/// </summary>
/// <param name="allowInternal">Whether internal addresses (<see cref="InternalAddresses"/>) are allowed; false refuses them.</param>
/// <param name="resolve">Resolves a name; null for the system's resolver.</param>
public sealed class GuardedConnect(bool allowInternal, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private const int ConnectSeconds = 5;
    private const int HeaderKilobytes = 16;

    /// <summary>
    /// A handler that connects through this guard: no redirects, cookies, credentials or proxy (behind one, the check would see the proxy's address
    /// only), 5 seconds to connect, 16 KiB of headers. The caller disposes it.
    /// </summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        Credentials = null,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(ConnectSeconds),
        MaxResponseHeadersLength = HeaderKilobytes,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = ConnectAsync,
    };

    /// <summary>Connects to the first address of the host that is allowed and answers.</summary>
    /// <param name="context">What the handler asks for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InternalAddressException">Every address of the host is internal.</exception>
    /// <exception cref="SocketException">No address answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var host = context.DnsEndPoint.Host;
        var all = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await (resolve is null ? Dns.GetHostAddressesAsync(host, cancellationToken) : resolve(host, cancellationToken)).ConfigureAwait(false);
        var allowed = allowInternal ? all : Array.FindAll(all, a => !InternalAddresses.Contains(a));
        if (allowed.Length == 0)
        {
            throw all.Length == 0 ? new SocketException((int)SocketError.HostNotFound) : new InternalAddressException(host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
