using System.Text.Json;
using AiPlatform.McpServer.Mcp.Http.Events;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// The response body handed to the SDK. An answer that is the first message becomes plain JSON with the right status; anything that
/// starts with another message, or takes longer than <see cref="HeaderDelay"/>, becomes an event stream. Writes are serialised,
/// because the delayed start and the SDK may write at once.
/// </summary>
internal sealed class AnswerBody : OutputStream
{
    /// <summary>How long headers are held back while the first message could still decide the status.</summary>
    public static readonly TimeSpan HeaderDelay = TimeSpan.FromMilliseconds(250);

    private readonly HttpContext _http;
    private readonly bool _statusFollowsError;
    private readonly TimeProvider _time;
    private readonly CancellationToken _ended;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ITimer _timer;
    private EventBody? _events;
    private bool _json;
    private bool _closed;

    /// <param name="http">The request that is answered.</param>
    /// <param name="statusFollowsError">Whether an error as the first message decides the HTTP status (the stateless revision).</param>
    /// <param name="time">Clock of the delayed start and of the comments that break a silence.</param>
    /// <param name="ended">Ends every write: the client left, or the call was called off.</param>
    public AnswerBody(HttpContext http, bool statusFollowsError, TimeProvider time, CancellationToken ended)
    {
        _http = http;
        _statusFollowsError = statusFollowsError;
        _time = time;
        _ended = ended;
        _timer = time.CreateTimer(static state => _ = ((AnswerBody)state!).StartEventsAsync(), this, HeaderDelay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether anything was answered.</summary>
    public bool Started => _json || _events is not null;

    /// <summary>Called by the SDK before its first write, with the first message; null from the older revisions, which always stream.</summary>
    public Task OnFirstMessageAsync(JsonRpcMessage? message) => WhileOpenAsync(async () =>
    {
        if (!Started && message is JsonRpcResponse or JsonRpcError)
        {
            await WriteJsonAsync(message);
        }
        else
        {
            BeginEvents();
        }
    });

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(WhileOpenAsync(async () =>
    {
        if (!_json)
        {
            await BeginEvents().WriteAsync(buffer, cancellationToken);
        }
    }));

    public override Task FlushAsync(CancellationToken cancellationToken) => WhileOpenAsync(async () =>
    {
        if (_events is not null)
        {
            await _events.FlushAsync(cancellationToken);
        }
    });

    /// <summary>From here on nothing is written: the answer is finished and its body, which belongs to the server, may already be another's.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _gate.WaitAsync(CancellationToken.None);
        _closed = true;
        _gate.Release();
        if (_events is not null)
        {
            await _events.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _timer.Dispose();
            _gate.Dispose();
            _events?.Dispose();
        }

        base.Dispose(disposing);
    }

    private Task StartEventsAsync() => WhileOpenAsync(async () =>
    {
        if (!Started)
        {
            await BeginEvents().FlushAsync(_ended);
        }
    });

    /// <summary>One write at a time. After the client has left, writes go nowhere without a word: whoever waits for the answer learns it from the request.</summary>
    private async Task WhileOpenAsync(Func<ValueTask> write)
    {
        try
        {
            await _gate.WaitAsync(_ended);
            try
            {
                if (!_closed)
                {
                    await write();
                }
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (Exception gone) when (_ended.IsCancellationRequested && gone is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            _closed = true;
        }
    }

    private EventBody BeginEvents() => _events ??= new EventBody(_http.Response, _time, _ended);

    private async ValueTask WriteJsonAsync(JsonRpcMessage message)
    {
        _json = true;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>());
        if (_statusFollowsError && message is JsonRpcError { Error.Code: var code })
        {
            _http.Response.StatusCode = RpcErrors.StatusOf(code);
        }

        _http.Response.ContentType = "application/json";
        _http.Response.ContentLength = bytes.Length;
        _http.Response.Headers.CacheControl = "no-store";
        await _http.Response.Body.WriteAsync(bytes, _ended);
    }
}
