namespace AiPlatform.Indexer.Sources.Remote;

/// <summary>
/// A stored object read over connections that may break: it is opened again from where it broke, until it failed too often without getting on.
/// Who opens it sees to it that it is the same object.
/// </summary>
/// <param name="opened">A stream that is open already, from the start; null for none.</param>
/// <param name="open">Opens the object from a byte on.</param>
/// <param name="length">Its length; null when not known.</param>
/// <param name="maxBytes">Bytes it may have at most.</param>
/// <param name="patience">How often it may break.</param>
internal sealed class ResumingStream(Stream? opened, Func<long, CancellationToken, Task<Stream>> open, long? length, long maxBytes, SourcePatience patience) : ForwardStream
{
    /// <summary>What must have been read since the last failure for it to be forgotten: a connection that gives a byte each time is not getting on.</summary>
    private const long Progress = 1 << 20;

    private Stream? _current = opened;
    private long _position;
    private long _failedAt;
    private int _failures;

    /// <summary>Cancelled when the whole may take no longer. Default: never.</summary>
    public CancellationToken Limit { get; init; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (Limit.IsCancellationRequested)
            {
                throw new SourceException("source_unreachable", $"{patience.Display} took longer than it may in all ({_position} bytes came). Start again when it is faster, or allow more time in the settings.");
            }

            try
            {
                var read = await patience.WithinIdleAsync(token => ReadOnceAsync(buffer, token), cancellationToken).ConfigureAwait(false);
                _position += read;
                return _position <= maxBytes
                    ? read
                    : throw new SourceException("source_too_large", $"{patience.Display} is longer than {maxBytes} bytes. Split it, or allow more in the settings.");
            }
            catch (Exception e) when (SourcePatience.IsTrouble(e, cancellationToken))
            {
                await CloseAsync().ConfigureAwait(false);
                _failures = _position - _failedAt >= Progress ? 1 : _failures + 1;
                _failedAt = _position;
                await patience.PauseAsync(_failures, e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _current ??= await open(_position, cancellationToken).ConfigureAwait(false);
        var read = await _current.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return read > 0 || buffer.IsEmpty || length is null || _position >= length
            ? read
            : throw new SourceTroubleException($"the connection ended at byte {_position} of {length}");
    }

    private async ValueTask CloseAsync()
    {
        if (_current is { } current)
        {
            _current = null;
            await current.DisposeAsync().ConfigureAwait(false);
        }
    }
}
