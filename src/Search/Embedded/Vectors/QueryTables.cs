namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>
/// Look-up tables of the first stage: for each group of four dimensions and each pattern of their signs, the sum of the query's values where the sign is positive, as
/// a byte above the group's least. The query keeps about eight bits a group this way, and the sum over all groups fits in 16 bits.
/// </summary>
internal static unsafe class QueryTables
{
    private const float LargestSum = 65_000f;
    private const int Patterns = 16;

    /// <summary>Writes the tables of a rotated query (padded with zeros to four a group): <see cref="VectorLayout.GroupBytes"/> a group. O(16 · groups).</summary>
    public static void Write(ReadOnlySpan<float> rotated, byte* tables)
    {
        float largest = 0, total = 0;
        for (var i = 0; i < rotated.Length; i += VectorLayout.GroupDimensions)
        {
            var range = MathF.Abs(rotated[i]) + MathF.Abs(rotated[i + 1]) + MathF.Abs(rotated[i + 2]) + MathF.Abs(rotated[i + 3]);
            largest = MathF.Max(largest, range);
            total += range;
        }

        var scale = MathF.Min(255f / largest, LargestSum / total);
        for (var i = 0; i < rotated.Length; i += VectorLayout.GroupDimensions)
        {
            WriteGroup(rotated.Slice(i, VectorLayout.GroupDimensions), scale, tables + (i / VectorLayout.GroupDimensions * VectorLayout.GroupBytes));
        }
    }

    private static void WriteGroup(ReadOnlySpan<float> four, float scale, byte* table)
    {
        var least = MathF.Min(four[0], 0) + MathF.Min(four[1], 0) + MathF.Min(four[2], 0) + MathF.Min(four[3], 0);
        for (var pattern = 0; pattern < Patterns; pattern++)
        {
            var sum = -least;
            for (var bit = 0; bit < VectorLayout.GroupDimensions; bit++)
            {
                sum += (pattern >> bit & 1) == 0 ? 0 : four[bit];
            }

            var entry = (byte)Math.Clamp((int)MathF.Round(sum * scale), 0, 255);
            table[pattern] = entry;
            table[pattern + Patterns] = entry;
        }
    }
}
