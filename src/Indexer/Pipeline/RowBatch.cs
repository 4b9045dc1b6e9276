using System.Buffers;
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
    private readonly List<SourceRow> _rows = new(MaxRows);
    private int _size;

    /// <summary>How far the source had been read behind the last row.</summary>
    public long Position { get; private set; }

    public bool IsFull => _rows.Count >= MaxRows || _size >= MaxSize;

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>The rows; after <see cref="Prepare"/>.</summary>
    public IReadOnlyList<PreparedRow> Rows => _prepared;

    /// <summary>Adds a row; its raw text is taken now, because the reader goes on.</summary>
    public void Add(SourceRow row, long position)
    {
        var raw = row.Raw();
        _rows.Add(row with { Raw = () => raw });
        _size += Math.Max(row.Size, raw.Length);
        Position = position;
    }

    /// <summary>Prepares the rows and lets go of what was read.</summary>
    public RowBatch Prepare(RowPreparer preparer)
    {
        foreach (var row in _rows)
        {
            _prepared.Add(preparer.Prepare(row, _bytes));
        }

        _rows.Clear();
        return this;
    }

    /// <summary>Empties it for other rows.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _prepared.Clear();
        _size = 0;
    }

    /// <summary>The bytes of a prepared row.</summary>
    public ReadOnlySpan<byte> BytesOf(in PreparedRow row) => _bytes.WrittenSpan[row.Record];
}
