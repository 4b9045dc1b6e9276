using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>A feed on a bare socket: every connection is given the same bytes, whatever it asks, and then closed in good order.</summary>
internal sealed class RawFeed : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _answer;
    private readonly Task _accepting;

    public RawFeed(string head, params byte[][] body)
    {
        _answer = [.. Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"), .. body.SelectMany(b => b)];
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/feed.jsonl";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            using (var reader = new StreamReader(stream, leaveOpen: true))
            {
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                {
                }
            }

            await stream.WriteAsync(_answer, _stop.Token);
            client.Client.Shutdown(SocketShutdown.Send);
        }
    }
}
