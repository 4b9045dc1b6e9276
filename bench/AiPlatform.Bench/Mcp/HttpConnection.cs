using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiPlatform.Bench.Mcp;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends ready bytes and reads whole answers: as little work on the client's side as can be, since
/// client and server share the machine. Understands Content-Length and chunked bodies.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int MaxAnswer = 16 * 1024 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    public async Task ConnectAsync(Uri url, CancellationToken cancellationToken) =>
        await _socket.ConnectAsync(new DnsEndPoint(url.Host, url.Port), cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a request and reads its answer. The answer's memory is valid until the next call.</summary>
    public async ValueTask<HttpAnswer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        while (!request.IsEmpty)
        {
            request = request[await _socket.SendAsync(request, cancellationToken).ConfigureAwait(false)..];
        }

        _filled = 0;
        int head;
        while ((head = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReadMoreAsync(cancellationToken).ConfigureAwait(false);
        }

        var status = Status();
        var body = head + 4;
        var end = Header("content-length", head) is { } length && Utf8Parser.TryParse(length.Span, out int bytes, out _) ? body + bytes
            : Header("transfer-encoding", head) is not null ? -1
            : body;
        while (end < 0 ? !_buffer.AsSpan(body, _filled - body).EndsWith("0\r\n\r\n"u8) : _filled < end)
        {
            await ReadMoreAsync(cancellationToken).ConfigureAwait(false);
        }

        var session = Header("mcp-session-id", head) is { } id ? Encoding.ASCII.GetString(id.Span) : null;
        return new HttpAnswer(status, _buffer.AsMemory(body, _filled - body), session);
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length < MaxAnswer ? _buffer.Length * 2 : throw new InvalidDataException("An answer is larger than 16 MB."));
        }

        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
        _filled += read > 0 ? read : throw new IOException("The server closed the connection inside an answer.");
    }

    private int Status() => Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _) ? status : throw new InvalidDataException("The answer has no status line.");

    private ReadOnlyMemory<byte>? Header(string lowerName, int head)
    {
        var at = _buffer.AsSpan(0, head).IndexOf("\r\n"u8) + 2;
        while (at > 1 && at < head)
        {
            var line = _buffer.AsSpan(at, head - at);
            var length = line.IndexOf("\r\n"u8) is var n && n < 0 ? line.Length : n;
            line = line[..length];
            if (line.Length > lowerName.Length && line[lowerName.Length] == ':' && Ascii.EqualsIgnoreCase(line[..lowerName.Length], lowerName))
            {
                var start = at + lowerName.Length + 1;
                while (_buffer[start] == ' ')
                {
                    start++;
                }

                return _buffer.AsMemory(start, at + length - start);
            }

            at += length + 2;
        }

        return null;
    }
}
