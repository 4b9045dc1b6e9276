namespace AiPlatform.Indexer.Sources.Remote;

/// <summary>
/// A stored object read over connections that may break: it is opened again from where it broke, until it failed too often without getting on.
/// Who opens it sees to it that it is the same object, and may give less than the rest: then the next part is asked for, which is no failure.
/// </summary>
/// <param name="opened">A stream that is open already, from the start; null for none.</param>
/// <param name="open">Opens the object from a byte on; the first answer that tells its length settles it.</param>
/// <param name="length">Its length; null when not known yet.</param>
/// <param name="maxBytes">Bytes it may have at most.</param>
/// <param name="patience">How often it may break.</param>
internal sealed class ResumingStream(Stream? opened, Func<long, CancellationToken, Task<StoredPart>> open, long? length, long maxBytes, SourcePatience patience) : ForwardStream
{
    /// <summary>What must have been read since the last failure for it to be forgotten: a connection that gives a byte each time is not getting on.</summary>
    private const long Progress = 1 << 20;

    private Stream? _current = opened;
    private long? _length = length;
    private long? _partEnd = length;
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
        while (true)
        {
            _current ??= await NextAsync(cancellationToken).ConfigureAwait(false);
            var read = await _current.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (_position + read > _partEnd)
            {
                throw new SourceException("source_unreadable", $"{patience.Display} was sent with more bytes than were told: up to {_partEnd}, and more came. Check what answers there.");
            }

            if (read > 0 || buffer.IsEmpty || _length is null || _position >= _length)
            {
                return read;
            }

            if (_position != _partEnd)
            {
                throw new SourceTroubleException($"the connection ended at byte {_position} of {_length}");
            }

            await CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task<Stream> NextAsync(CancellationToken cancellationToken)
    {
        var part = await open(_position, cancellationToken).ConfigureAwait(false);
        _length ??= part.Length;
        if (part.Length is { } told && told != _length)
        {
            await part.Content.DisposeAsync().ConfigureAwait(false);
            throw SourceReader.Changed(patience.Display);
        }

        _partEnd = part.End ?? _length;
        return part.Content;
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
