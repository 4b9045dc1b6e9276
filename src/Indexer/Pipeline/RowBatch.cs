using System.Buffers;
using System.Text;
using AiPlatform.Indexer.Sources;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Rows in source order on their way to the spool: read, then prepared. At most <see cref="MaxRows"/>, and no more once they have <see cref="MaxSize"/>. Small, so that rows are gone before they cost the
/// garbage collector a second look, and used again, buffers and all. Not thread-safe.
/// </summary>
internal sealed class RowBatch
{
    /// <summary>Rows of a batch.</summary>
    public const int MaxRows = 64;

    /// <summary>Bytes of source with which a batch is full.</summary>
    public const int MaxSize = 128 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(MaxRows * 512);
    private readonly List<PreparedRow> _prepared = new(MaxRows);
    private readonly List<(SourceRow Row, Range Raw)> _rows = new(MaxRows);
    private readonly ArrayBufferWriter<byte> _raw = new(MaxRows * 512);
    private int _size;

    /// <summary>How far the source had been read behind the last row.</summary>
    public long Position { get; private set; }

    public bool IsFull => _rows.Count >= MaxRows || _size >= MaxSize;

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>The rows; after <see cref="Prepare"/>.</summary>
    public IReadOnlyList<PreparedRow> Rows => _prepared;

    /// <summary>Adds a row; its raw bytes are taken now, because the reader goes on.</summary>
    public void Add(SourceRow row, long position)
    {
        var start = _raw.WrittenCount;
        _raw.Write(row.Raw.Span);
        _rows.Add((row with { Raw = default }, start.._raw.WrittenCount));
        _size += Math.Max(row.Size, row.Raw.Length);
        Position = position;
    }

    /// <summary>Prepares the rows and lets go of what was read.</summary>
    public RowBatch Prepare(RowPreparer preparer)
    {
        foreach (var (row, raw) in _rows)
        {
            _prepared.Add(preparer.Prepare(row, raw, _bytes));
        }

        _rows.Clear();
        return this;
    }

    /// <summary>Empties it for other rows.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _raw.ResetWrittenCount();
        _prepared.Clear();
        _size = 0;
    }

    /// <summary>The bytes of a prepared row.</summary>
    public ReadOnlySpan<byte> BytesOf(in PreparedRow row) => _bytes.WrittenSpan[row.Record];

    /// <summary>A prepared row as it is written, shortened.</summary>
    public string RawOf(in PreparedRow row) => Encoding.UTF8.GetString(_raw.WrittenSpan[row.Raw]);
}
