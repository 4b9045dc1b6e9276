using System.Text;

namespace AiPlatform.Indexer.Sources;

/// <summary>Cuts a stream into lines of bounded length. A longer line is skipped to its end and told as such.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _ended;
    private bool _begun;

    /// <summary>Number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The current line without its end; the first bytes of it when it is too long. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether the current line is longer than <see cref="SourceLimits.RowBytes"/>.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Moves to the next line; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            _begun = true;
            await SkipByteOrderMarkAsync(cancellationToken).ConfigureAwait(false);
        }

        IsTooLong = false;
        var scanned = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                Take(scanned + feed, 1);
                return true;
            }

            scanned = _end - _start;
            if (scanned > SourceLimits.RowBytes)
            {
                await SkipLineAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }

            if (_ended || !await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                if (scanned == 0)
                {
                    return false;
                }

                Take(scanned, 0);
                return true;
            }
        }
    }

    private void Take(int length, int terminator)
    {
        var line = _buffer.AsMemory(_start, length);
        if (!line.IsEmpty && line.Span[^1] == '\r')
        {
            line = line[..^1];
        }

        _start += length + terminator;
        Line = line;
        IsTooLong = line.Length > SourceLimits.RowBytes;
        Number++;
    }

    private async ValueTask SkipLineAsync(CancellationToken cancellationToken)
    {
        Line = _buffer.AsSpan(_start, SourceLimits.RawCharacters).ToArray();
        IsTooLong = true;
        Number++;
        _start = _end;
        while (!_ended && await FillAsync(cancellationToken).ConfigureAwait(false))
        {
            var feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            _start = feed < 0 ? _end : _start + feed + 1;
            if (feed >= 0)
            {
                return;
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        _ended = read == 0;
        return read > 0;
    }

    private async ValueTask SkipByteOrderMarkAsync(CancellationToken cancellationToken)
    {
        while (_end < 3 && await FillAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        var head = _buffer.AsSpan(0, _end);
        if (head.StartsWith(Encoding.Unicode.Preamble) || head.StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            throw new SourceException("source_unreadable", "The source is UTF-16. Convert it to UTF-8, then try again.");
        }

        _start = head.StartsWith(Encoding.UTF8.Preamble) ? 3 : 0;
    }
}
