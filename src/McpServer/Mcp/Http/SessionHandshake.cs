using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// The first exchange of a session, held back until its outcome is known: the id goes out in a header, and only with success. A
/// session that is not kept is closed with this object.
/// </summary>
internal sealed class SessionHandshake(LegacySession session) : IAsyncDisposable
{
    private ReadOnlyMemory<byte> _answer;
    private bool _kept;

    /// <summary>Whether the server accepted.</summary>
    public async Task<bool> RunAsync(JsonRpcMessage initialize, CancellationToken cancellationToken)
    {
        using var events = new MemoryStream();
        await session.Transport.HandlePostRequestAsync(initialize, events, cancellationToken);
        _answer = DataOf(events.ToArray());
        if (_answer.IsEmpty)
        {
            return false;
        }

        using var document = JsonDocument.Parse(_answer);
        return document.RootElement.TryGetProperty("result"u8, out _);
    }

    /// <summary>Hands the session over to be kept.</summary>
    public LegacySession Keep()
    {
        _kept = true;
        return session;
    }

    public Task WriteAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = _answer.Length;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(_answer, http.RequestAborted).AsTask();
    }

    public ValueTask DisposeAsync() => _kept ? ValueTask.CompletedTask : session.DisposeAsync();

    /// <summary>The data of the last event: the answer comes last.</summary>
    private static ReadOnlyMemory<byte> DataOf(byte[] events)
    {
        var prefix = "data: "u8;
        var start = events.AsSpan().LastIndexOf(prefix);
        if (start < 0)
        {
            return default;
        }

        start += prefix.Length;
        var end = events.AsSpan(start).IndexOfAny((byte)'\n', (byte)'\r');
        return events.AsMemory(start, end < 0 ? events.Length - start : end);
    }
}
