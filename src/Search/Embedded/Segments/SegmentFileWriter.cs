using System.Runtime.InteropServices;
using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>Writes sections one after the other, aligned and checksummed, and the table that finds them at the end of the file.</summary>
internal sealed class SegmentFileWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly long[] _offsets = new long[(int)SegmentSection.Count];
    private readonly long[] _lengths = new long[(int)SegmentSection.Count];
    private readonly uint[] _checksums = new uint[(int)SegmentSection.Count];
    private long _position;
    private int _open = -1;

    public SegmentFileWriter(Stream stream)
    {
        _stream = stream;
        Span<byte> header = stackalloc byte[SegmentFormat.Alignment];
        header.Clear();
        MemoryMarshal.Write(header, SegmentFormat.Magic);
        MemoryMarshal.Write(header[8..], SegmentFormat.Version);
        Raw(header);
    }

    /// <summary>Starts a section; the one before is complete.</summary>
    public void Begin(SegmentSection section)
    {
        Align();
        _open = (int)section;
        _offsets[_open] = _position;
    }

    /// <summary>Appends to the open section.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _checksums[_open] = Crc32C.Append(_checksums[_open], bytes);
        _lengths[_open] += bytes.Length;
        Raw(bytes);
    }

    /// <summary>A whole section from an array.</summary>
    public void Section<T>(SegmentSection section, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Begin(section);
        Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Writes the section table and flushes. Answers the size of the file.</summary>
    public long Finish()
    {
        Align();
        var table = default(ByteBuffer);
        for (var i = 0; i < _offsets.Length; i++)
        {
            table.Add(_offsets[i]);
            table.Add(_lengths[i]);
            table.Add(_checksums[i]);
        }

        var footer = default(ByteBuffer);
        footer.Add(_position);
        footer.Add(table.Length);
        footer.Add(Crc32C.Append(0, table.Written));
        footer.Add(SegmentFormat.Magic);
        Raw(table.Written);
        Raw(footer.Written);
        _stream.Flush();
        return _position;
    }

    public void Dispose() => _stream.Dispose();

    private void Align()
    {
        var padding = (int)(-_position & (SegmentFormat.Alignment - 1));
        Span<byte> zeros = stackalloc byte[SegmentFormat.Alignment];
        zeros.Clear();
        Raw(zeros[..padding]);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _position += bytes.Length;
    }
}
