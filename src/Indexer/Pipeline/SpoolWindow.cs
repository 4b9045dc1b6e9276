using Microsoft.Win32.SafeHandles;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Reads a file from its start through a sliding buffer, by position: several can read one handle at once.</summary>
internal sealed class SpoolWindow(SafeFileHandle file)
{
    private byte[] _buffer = new byte[256 * 1024];
    private long _position;
    private int _start;
    private int _end;

    /// <summary>The next bytes, as many as asked for. Valid until the next call.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public ReadOnlyMemory<byte> Take(int count)
    {
        if (_end - _start < count)
        {
            Fill(count);
        }

        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    private void Fill(int count)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (count > _buffer.Length)
        {
            Array.Resize(ref _buffer, count * 2);
        }

        while (_end < count)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(_end), _position);
            if (read == 0)
            {
                throw new EndOfStreamException("The spool ends inside a product.");
            }

            (_position, _end) = (_position + read, _end + read);
        }
    }
}
