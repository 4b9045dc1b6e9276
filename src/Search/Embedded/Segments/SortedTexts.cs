namespace AiPlatform.Search.Embedded.Segments;

/// <summary>The sorted terms of a segment, or the sorted values of one of its keyword fields, to be walked alike.</summary>
/// <param name="segment">The segment.</param>
/// <param name="values">The field's values; null for the terms.</param>
internal readonly struct SortedTexts(SegmentReader segment, KeywordField? values)
{
    public int Count => values is { } range ? range.End - range.First : segment.TermCount;

    public ReadOnlySpan<byte> this[int index] =>
        values is { } range ? segment.KeywordBytes(range.First + index) : segment.TermBytes(segment.TermOrder[index]);

    /// <summary>The first text not below the value. O(log texts).</summary>
    public int LowerBound(ReadOnlySpan<byte> value)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].SequenceCompareTo(value) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The first text behind <paramref name="from"/> that does not start with the prefix. O(log of the distance).</summary>
    public int EndOfPrefix(int from, ReadOnlySpan<byte> prefix)
    {
        var step = 1;
        var low = from + 1;
        while (low < Count && this[low].StartsWith(prefix))
        {
            var high = Math.Min(low + step, Count);
            if (high < Count && this[high].StartsWith(prefix))
            {
                low = high;
                step *= 2;
                continue;
            }

            while (high - low > 1)
            {
                var middle = (low + high) >>> 1;
                if (this[middle].StartsWith(prefix))
                {
                    low = middle;
                }
                else
                {
                    high = middle;
                }
            }

            return low + 1;
        }

        return low;
    }
}
