using System.Buffers.Binary;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>
/// The bytes of many lists that grow side by side, in blocks that they share: a list has slices of 12, 24, 48 … up to <see cref="LongestSlice"/> bytes, each ending in the place of the next one. Hundreds of
/// thousands of lists cost the garbage collector nothing then. Not thread-safe.
/// </summary>
internal sealed class PostingArena
{
    private const int BlockBits = 16;
    private const int BlockBytes = 1 << BlockBits;
    private const int FirstSlice = 12;
    private const int LongestSlice = 1536;
    private const int LinkBytes = sizeof(int);

    private readonly List<byte[]> _blocks = [];
    private int _used = BlockBytes;

    /// <summary>Appends to a list; a new one is the default. O(bytes).</summary>
    public void Append(ref PostingList list, ReadOnlySpan<byte> bytes)
    {
        list.Length += bytes.Length;
        while (true)
        {
            var free = list.End - list.Position;
            if (bytes.Length <= free)
            {
                bytes.CopyTo(At(list.Position));
                list.Position += bytes.Length;
                return;
            }

            bytes[..free].CopyTo(At(list.Position));
            bytes = bytes[free..];
            Grow(ref list);
        }
    }

    /// <summary>Writes a list to the open section of a file.</summary>
    public void Write(in PostingList list, SegmentFileWriter file)
    {
        var (start, size, left) = (list.Start, FirstSlice, list.Length);
        while (left > 0)
        {
            var length = Math.Min(left, size - LinkBytes);
            file.Write(At(start)[..length]);
            left -= length;
            if (left > 0)
            {
                start = BinaryPrimitives.ReadInt32LittleEndian(At(start + size - LinkBytes));
                size = Math.Min(size * 2, LongestSlice);
            }
        }
    }

    private Span<byte> At(int position) => position >>> BlockBits < _blocks.Count ? _blocks[position >>> BlockBits].AsSpan(position & (BlockBytes - 1)) : [];

    private void Grow(ref PostingList list)
    {
        var size = list.Size == 0 ? FirstSlice : Math.Min(list.Size * 2, LongestSlice);
        if (_used + size > BlockBytes)
        {
            _blocks.Add(GC.AllocateUninitializedArray<byte>(BlockBytes));
            _used = 0;
        }

        var start = checked(((_blocks.Count - 1) * BlockBytes) + _used);
        _used += size;
        if (list.Size == 0)
        {
            list.Start = start;
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(At(list.End), start);
        }

        (list.Position, list.End, list.Size) = (start, start + size - LinkBytes, size);
    }
}
