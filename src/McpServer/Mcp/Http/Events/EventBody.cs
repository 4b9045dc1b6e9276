namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>
/// A response body that is an event stream. Writes are serialised; after <see cref="KeepAlive"/> without one a comment goes out, so that
/// no proxy takes the stream for dead and a client that left is noticed.
/// </summary>
internal sealed class EventBody : OutputStream
{
    /// <summary>The longest silence on a stream.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();
    private static readonly byte[] EventEnd = "\n\n"u8.ToArray();

    private readonly HttpResponse _response;
    private readonly CancellationToken _ended;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ITimer _timer;
    private bool _betweenEvents = true;
    private bool _closed;

    /// <summary>Writes the headers.</summary>
    /// <param name="response">The answer, of which nothing has been sent.</param>
    /// <param name="time">Clock of the comments.</param>
    /// <param name="ended">Ends every write: the client left, or the session ended.</param>
    public EventBody(HttpResponse response, TimeProvider time, CancellationToken ended)
    {
        _response = response;
        _ended = ended;
        EventStreamHeaders.Write(response);
        _timer = time.CreateTimer(static state => _ = ((EventBody)state!).BreakSilenceAsync(), this, KeepAlive, KeepAlive);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(_ended);
        try
        {
            if (!_closed)
            {
                _timer.Change(KeepAlive, KeepAlive);
                _betweenEvents = buffer.Span.EndsWith(EventEnd);
                await _response.Body.WriteAsync(buffer, _ended);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(_ended);
        try
        {
            if (!_closed)
            {
                await _response.Body.FlushAsync(_ended);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>From here on nothing is written: the answer is finished and its body, which belongs to the server, may already be another's.</summary>
    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _gate.WaitAsync(CancellationToken.None);
        _closed = true;
        _gate.Release();
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

    private async Task BreakSilenceAsync()
    {
        try
        {
            await _gate.WaitAsync(_ended);
            try
            {
                if (_betweenEvents && !_closed)
                {
                    await _response.Body.WriteAsync(Comment, _ended);
                    await _response.Body.FlushAsync(_ended);
                }
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The client left or the answer ended in this moment: nobody to keep company.
        }
    }
}
