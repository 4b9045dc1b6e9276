namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>
/// Signs of 64 rows, transposed: for each group of four dimensions 32 bytes, byte i holding the group's four bits of row i (low half) and of row 32 + i (high half).
/// </summary>
internal static class SignBlock
{
    /// <summary>Writes the block of up to 64 rows of codes; rows that are missing are zero. O(rows · dimensions).</summary>
    /// <param name="codes">Rows of <see cref="VectorLayout.Stride"/> bytes.</param>
    /// <param name="dimensions">Length of the vectors.</param>
    /// <param name="block">Exactly <see cref="VectorLayout.SignBlockBytes"/> bytes.</param>
    public static void Write(ReadOnlySpan<sbyte> codes, int dimensions, Span<byte> block)
    {
        var stride = VectorLayout.Stride(dimensions);
        var rows = codes.Length / stride;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, VectorLayout.BlockRows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.Length, VectorLayout.SignBlockBytes(dimensions));
        block.Clear();
        for (var row = 0; row < rows; row++)
        {
            var shift = row < 32 ? 0 : 4;
            var codesOfRow = codes.Slice(row * stride, stride);
            for (var group = 0; group < stride / VectorLayout.GroupDimensions; group++)
            {
                block[(group * VectorLayout.GroupBytes) + (row & 31)] |= (byte)(Bits(codesOfRow.Slice(group * VectorLayout.GroupDimensions, VectorLayout.GroupDimensions)) << shift);
            }
        }
    }

    private static int Bits(ReadOnlySpan<sbyte> four) => (four[0] > 0 ? 1 : 0) | (four[1] > 0 ? 2 : 0) | (four[2] > 0 ? 4 : 0) | (four[3] > 0 ? 8 : 0);
}
