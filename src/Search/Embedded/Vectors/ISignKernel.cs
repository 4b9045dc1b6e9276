namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>Sums of the query's look-up tables over a block of 64 rows of signs, exact in 16 bits.</summary>
internal unsafe interface ISignKernel
{
    /// <summary>A bit for each row whose sum is above the threshold; when there is any, all 64 sums are written, in the order of rows.</summary>
    /// <param name="block">The block of signs.</param>
    /// <param name="tables">For each group its 16 entries, twice.</param>
    /// <param name="groups">Groups; even.</param>
    /// <param name="threshold">The sum to pass.</param>
    /// <param name="sums">Room for 64.</param>
    static abstract ulong Above(byte* block, byte* tables, int groups, ushort threshold, ushort* sums);
}
