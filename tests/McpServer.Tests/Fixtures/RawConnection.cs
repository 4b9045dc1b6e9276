using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>HTTP/1.1 as bytes over a connection of its own, for requests that no client library would send. Not thread-safe.</summary>
internal sealed class RawConnection(Uri address) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private TcpClient? _client;
    private NetworkStream? _stream;
    private int _start;
    private int _end;

    /// <summary>Sends a request as it is; connects when there is no connection.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> request, bool end = false)
    {
        if (_client is null)
        {
            _client = new TcpClient { NoDelay = true };
            await _client.ConnectAsync(address.Host, address.Port);
            _stream = _client.GetStream();
        }

        await _stream!.WriteAsync(request);
        if (end)
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Reads one answer; null when the server closed the connection instead. With <paramref name="headersOnly"/> an endless body is left, and the connection closed.</summary>
    public async Task<RawAnswer?> ReadAsync(Func<RawAnswer, bool> headersOnly, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            if (await LineAsync(limit.Token) is not { } statusLine)
            {
                Close();
                return null;
            }

            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await LineAsync(limit.Token) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            var answer = new RawAnswer(int.Parse(statusLine.Split(' ')[1], CultureInfo.InvariantCulture), headers, []);
            if (headersOnly(answer))
            {
                Close();
                return answer;
            }

            answer = answer with { Body = await BodyAsync(headers, limit.Token) };
            if (headers.TryGetValue("Connection", out var connection) && connection.Equals("close", StringComparison.OrdinalIgnoreCase))
            {
                Close();
            }

            return answer;
        }
        catch (IOException)
        {
            Close();
            return null;
        }
    }

    /// <summary>Closes the connection; the next request opens another.</summary>
    public void Close()
    {
        _stream?.Dispose();
        _client?.Dispose();
        (_stream, _client) = (null, null);
        (_start, _end) = (0, 0);
    }

    public void Dispose() => Close();

    private async Task<byte[]> BodyAsync(Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (headers.TryGetValue("Content-Length", out var length))
        {
            await CopyAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }
        else if (headers.TryGetValue("Transfer-Encoding", out var encoding) && encoding == "chunked")
        {
            int size;
            do
            {
                size = int.Parse(await LineAsync(cancellationToken) ?? throw new IOException("cut"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                await CopyAsync(body, size, cancellationToken);
                await LineAsync(cancellationToken);
            }
            while (size > 0);
        }

        return body.ToArray();
    }

    private async Task CopyAsync(MemoryStream body, int count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                throw new IOException("The answer was cut.");
            }

            var take = Math.Min(count, _end - _start);
            body.Write(_buffer, _start, take);
            _start += take;
            count -= take;
        }
    }

    private async Task<string?> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                return line.Length > 0 ? throw new IOException("The answer was cut.") : null;
            }

            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var take = newline < 0 ? _end - _start : newline;
            line.Append(Encoding.Latin1.GetString(_buffer, _start, take));
            _start += take + (newline < 0 ? 0 : 1);
            if (newline >= 0)
            {
                return line.ToString().TrimEnd('\r');
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        (_start, _end) = (0, await _stream!.ReadAsync(_buffer, cancellationToken));
        return _end > 0;
    }
}
