namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>Reads lines from a stream and never holds more than the longest allowed one: the rest of a longer line is read and dropped. Not thread-safe.</summary>
/// <param name="input">The stream.</param>
/// <param name="maxBytes">Longest line, without its end.</param>
internal sealed class LineReader(Stream input, int maxBytes)
{
    private const byte LineFeed = (byte)'\n';
    private const int FirstBytes = 4_096;

    private byte[] _buffer = new byte[Math.Min(FirstBytes, maxBytes + 1)];
    private int _start;
    private int _end;

    /// <summary>The next line; null at the end of the stream. What follows the last line end counts as a line when there is something.</summary>
    public async ValueTask<InputLine?> ReadAsync(CancellationToken cancellationToken)
    {
        var tooLong = false;
        var searched = 0;
        while (true)
        {
            var length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf(LineFeed);
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + length);
                _start += searched + length + 1;
                return tooLong ? new InputLine(default, TooLong: true) : new InputLine(line, TooLong: false);
            }

            if (_end - _start > maxBytes)
            {
                tooLong = true;
                _start = _end;
            }

            MakeRoom();
            searched = _end - _start;
            var read = await input.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return Last(tooLong);
            }

            _end += read;
        }
    }

    private InputLine? Last(bool tooLong)
    {
        var rest = _buffer.AsMemory(_start, _end - _start);
        _start = _end;
        return tooLong ? new InputLine(default, TooLong: true) : rest.Length > 0 ? new InputLine(rest, TooLong: false) : null;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            // One byte more than the longest line, so that a full buffer without a line end is a line too long.
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, maxBytes + 1));
        }
    }
}
