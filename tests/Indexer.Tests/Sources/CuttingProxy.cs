using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>Stands between a client and a server, and ends connections after so many bytes of the server's answers: the client has them all, and then no more.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private int _connections;

    private CuttingProxy(string server)
    {
        _server = new Uri(server);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Bytes after which the connections, one after another, end; one without an entry lives on.</summary>
    public ConcurrentQueue<int> Cuts { get; } = new();

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The server's URL, through this proxy.</summary>
    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{_server.AbsolutePath}";

    public static CuttingProxy To(string server) => new(server);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                open.Add(ServeAsync(client, Cuts.TryDequeue(out var cut) ? cut : int.MaxValue));
            }
        }
        finally
        {
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient client, int cut)
    {
        using var upstream = new TcpClient();
        using (client)
        {
            await upstream.ConnectAsync(IPAddress.Loopback, _server.Port, _stop.Token);
            var asking = client.GetStream().CopyToAsync(upstream.GetStream(), _stop.Token);
            var buffer = new byte[16 * 1024];
            while (cut > 0 && await upstream.GetStream().ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, cut)), _stop.Token) is > 0 and var read)
            {
                await client.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                cut -= read;
            }

            client.Client.Shutdown(SocketShutdown.Send);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
