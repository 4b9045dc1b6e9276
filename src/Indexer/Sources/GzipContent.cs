using System.IO.Compression;

namespace AiPlatform.Indexer.Sources;

/// <summary>
/// The unpacked content of a gzip file of one or more members, read to its true end: <see cref="GZipStream"/> checks the checksum and length of every whole
/// member, but takes a file that was cut for one that ends. So a member of ours is put behind the file: it is unpacked as one only if the file ends exactly at
/// the end of a member; anything else spoils it. Forward only; does not own the stored stream.
/// </summary>
/// <param name="stored">The file.</param>
internal sealed class GzipContent(Stream stored) : ForwardStream
{
    /// <summary>Repeats itself, so that its packed form does not hold it: a cut stored block that swallows the packed form does not end with the mark.</summary>
    private static readonly byte[] Mark = [.. Enumerable.Repeat("\u0001end\u0002"u8.ToArray(), 8).SelectMany(b => b)];

    private static readonly byte[] PackedMark = Pack(Mark);

    private readonly GZipStream _unpacked = new(new SealedStream(stored, PackedMark), CompressionMode.Decompress);
    private readonly byte[] _held = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>What may be given: everything but the last bytes, which may be the mark.</summary>
    private int Ready => _end - _start - Mark.Length;

    /// <summary>The next bytes; 0 at the end.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut, or something other than a member is behind the last one.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_ended && Ready <= 0 && !buffer.IsEmpty)
        {
            Took(_unpacked.Read(Free().Span));
        }

        return Give(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_ended && Ready <= 0 && !buffer.IsEmpty)
        {
            Took(await _unpacked.ReadAsync(Free(), cancellationToken).ConfigureAwait(false));
        }

        return Give(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private Memory<byte> Free()
    {
        _held.AsSpan(_start, _end - _start).CopyTo(_held);
        (_start, _end) = (0, _end - _start);
        return _held.AsMemory(_end);
    }

    private void Took(int read)
    {
        _end += read;
        if (read > 0)
        {
            return;
        }

        if (!_held.AsSpan(_start, _end - _start).SequenceEqual(Mark))
        {
            throw new InvalidDataException("The compressed data is cut off, or something else is behind it.");
        }

        _ended = true;
    }

    private int Give(Span<byte> buffer)
    {
        var count = Math.Clamp(Ready, 0, buffer.Length);
        _held.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }
}
