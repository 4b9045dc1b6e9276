namespace AiPlatform.Indexer.Sources;

/// <summary>A stream followed by a few bytes of ours. Forward only; does not own the stream.</summary>
internal sealed class SealedStream(Stream stored, ReadOnlyMemory<byte> seal) : ForwardStream
{
    private ReadOnlyMemory<byte> _left = seal;
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        var read = _ended ? 0 : stored.Read(buffer);
        return read > 0 || buffer.IsEmpty ? read : Seal(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _ended ? 0 : await stored.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return read > 0 || buffer.IsEmpty ? read : Seal(buffer.Span);
    }

    private int Seal(Span<byte> buffer)
    {
        _ended = true;
        var count = Math.Min(buffer.Length, _left.Length);
        _left.Span[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }
}
