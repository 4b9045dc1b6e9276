namespace AiPlatform.Core.Text;

/// <summary>How many letters must be inserted, deleted, replaced or swapped with their neighbour to make one text of another (optimal string alignment).</summary>
public static class EditDistance
{
    /// <summary>Texts longer than this are near nothing.</summary>
    public const int MaxLength = 256;

    /// <summary>The distance, or -1 when it is above the limit or a text is longer than <see cref="MaxLength"/>. O(length · limit), no allocation.</summary>
    public static int Within(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int limit)
    {
        if (a.Length > MaxLength || b.Length > MaxLength || Math.Abs(a.Length - b.Length) > limit)
        {
            return -1;
        }

        var far = limit + 1;
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> above = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            above[j] = Math.Min(j, far);
        }

        for (var i = 1; i <= a.Length; i++)
        {
            if (NextRow(a, b, i, limit, before, above, row) > limit)
            {
                return -1;
            }

            var free = before;
            before = above;
            above = row;
            row = free;
        }

        return above[b.Length] <= limit ? above[b.Length] : -1;
    }

    /// <summary>Fills the part of a row that can still be within the limit; answers its smallest entry.</summary>
    private static int NextRow(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int i, int limit, ReadOnlySpan<int> before, ReadOnlySpan<int> above, Span<int> row)
    {
        var far = limit + 1;
        row.Fill(far);
        row[0] = Math.Min(i, far);
        var smallest = row[0];
        for (var j = Math.Max(1, i - limit); j <= Math.Min(b.Length, i + limit); j++)
        {
            var best = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            {
                best = Math.Min(best, before[j - 2] + 1);
            }

            row[j] = Math.Min(best, far);
            smallest = Math.Min(smallest, row[j]);
        }

        return smallest;
    }
}
