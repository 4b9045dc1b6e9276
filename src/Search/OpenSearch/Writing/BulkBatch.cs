using System.Buffers;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>Lines on their way to the cluster. Filled by one thread, then only read.</summary>
internal sealed class BulkBatch
{
    private readonly ArrayBufferWriter<byte> _lines;
    private readonly List<BulkItem> _items = [];

    /// <param name="capacity">Bytes to begin with.</param>
    public BulkBatch(int capacity = 64 << 10) => _lines = new ArrayBufferWriter<byte>(Math.Max(capacity, 256));

    /// <summary>Where lines are written.</summary>
    public IBufferWriter<byte> Lines => _lines;

    /// <summary>The lines.</summary>
    public ReadOnlyMemory<byte> Body => _lines.WrittenMemory;

    /// <summary>Bytes so far.</summary>
    public int Bytes => _lines.WrittenCount;

    /// <summary>The items in order.</summary>
    public IReadOnlyList<BulkItem> Items => _items;

    /// <summary>Ends an item whose lines began at <paramref name="start"/>.</summary>
    public void Close(int slot, uint sequence, int start) => _items.Add(new BulkItem(slot, sequence, start, _lines.WrittenCount - start));

    /// <summary>A batch of some of the items.</summary>
    public BulkBatch Only(IReadOnlyCollection<int> indexes)
    {
        var part = new BulkBatch(indexes.Sum(i => _items[i].Length));
        foreach (var item in indexes.Select(i => _items[i]))
        {
            var start = part.Bytes;
            part._lines.Write(Body.Span.Slice(item.Start, item.Length));
            part.Close(item.Slot, item.Sequence, start);
        }

        return part;
    }

    /// <summary>Two halves, for a batch of two items or more.</summary>
    public (BulkBatch First, BulkBatch Second) Halves() =>
        (Only([.. Enumerable.Range(0, _items.Count / 2)]), Only([.. Enumerable.Range(_items.Count / 2, _items.Count - (_items.Count / 2))]));
}
