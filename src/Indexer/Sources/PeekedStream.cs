namespace AiPlatform.Indexer.Sources;

/// <summary>A stream whose first bytes can be looked at before they are read, and which counts what was read. Owns the stream behind it.</summary>
/// <param name="stream">The stream behind it.</param>
/// <param name="packed">What this stream is unpacked from; null for nothing. A stream that unpacks to absurdly more than it is gets refused.</param>
internal sealed class PeekedStream(Stream stream, PeekedStream? packed = null) : ForwardStream
{
    private byte[]? _head;
    private int _given;
    private long _count;

    /// <summary>Bytes taken from the stream behind it. May be read from another thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The first bytes, fewer only where the stream is shorter; the same at every call. The first call comes before anything is read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        if (_head is null)
        {
            var head = new byte[count];
            var read = await stream.ReadAtLeastAsync(head, count, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            _head = head[..read];
            Volatile.Write(ref _count, read);
        }

        return _head;
    }

    /// <exception cref="InvalidDataException">It unpacks to more than <see cref="SourceLimits.UnpackRatio"/> times its size.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head is { } head && _given < head.Length)
        {
            var count = Math.Min(buffer.Length, head.Length - _given);
            head.AsSpan(_given, count).CopyTo(buffer.Span);
            _given += count;
            return count;
        }

        var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _count, _count + read);
        return packed is not null && _count > SourceLimits.UnpackedFree && _count / SourceLimits.UnpackRatio > packed.Count
            ? throw new InvalidDataException($"It unpacks to more than {SourceLimits.UnpackRatio} times its size, as no list of products does.")
            : read;
    }

    public override async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
