using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// The response body handed to the SDK. An answer that is the first message becomes plain JSON with the right status; anything that
/// starts with another message, or takes longer than <see cref="HeaderDelay"/>, becomes an event stream. Writes are serialised,
/// because the delayed start and the SDK may write at once.
/// </summary>
internal sealed class AnswerBody : Stream
{
    /// <summary>How long headers are held back while the first message could still decide the status.</summary>
    public static readonly TimeSpan HeaderDelay = TimeSpan.FromMilliseconds(250);

    private readonly HttpContext _http;
    private readonly bool _statusFollowsError;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ITimer _timer;
    private Form _form;

    /// <param name="http">The request that is answered.</param>
    /// <param name="statusFollowsError">Whether an error as the first message decides the HTTP status (the stateless revision).</param>
    /// <param name="time">Clock of the delayed start.</param>
    public AnswerBody(HttpContext http, bool statusFollowsError, TimeProvider time)
    {
        _http = http;
        _statusFollowsError = statusFollowsError;
        _timer = time.CreateTimer(static state => _ = ((AnswerBody)state!).StartEventsAsync(), this, HeaderDelay, Timeout.InfiniteTimeSpan);
    }

    private enum Form
    {
        Undecided = 0,
        Events,
        Json,
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether anything was answered.</summary>
    public bool Started => _form != Form.Undecided;

    /// <summary>Called by the SDK before its first write, with the first message; null from the older revisions, which always stream.</summary>
    public async ValueTask OnFirstMessageAsync(JsonRpcMessage? message)
    {
        await _gate.WaitAsync(_http.RequestAborted);
        try
        {
            if (_form == Form.Undecided && message is JsonRpcResponse or JsonRpcError)
            {
                await WriteJsonAsync(message);
            }
            else
            {
                BeginEvents();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_form != Form.Json)
            {
                BeginEvents();
                await _http.Response.Body.WriteAsync(buffer, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_form != Form.Events)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            await _http.Response.Body.FlushAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the delayed start; the body itself belongs to the server.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _timer.Dispose();
            _gate.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task StartEventsAsync()
    {
        try
        {
            await _gate.WaitAsync(_http.RequestAborted);
            try
            {
                if (_form == Form.Undecided)
                {
                    BeginEvents();
                    await _http.Response.Body.FlushAsync(_http.RequestAborted);
                }
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The client left, or the answer was finished in this moment: nothing to start.
        }
    }

    private void BeginEvents()
    {
        if (_form == Form.Undecided)
        {
            _form = Form.Events;
            EventStreamHeaders.Write(_http.Response);
        }
    }

    private async ValueTask WriteJsonAsync(JsonRpcMessage message)
    {
        _form = Form.Json;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>());
        if (_statusFollowsError && message is JsonRpcError { Error.Code: var code })
        {
            _http.Response.StatusCode = RpcErrors.StatusOf(code);
        }

        _http.Response.ContentType = "application/json";
        _http.Response.ContentLength = bytes.Length;
        _http.Response.Headers.CacheControl = "no-store";
        await _http.Response.Body.WriteAsync(bytes, _http.RequestAborted);
    }
}
