namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>
/// How a segment keeps vectors. Codes: a row of signed bytes a product, rotated (<see cref="VectorRotation"/>), padded with zeros to <see cref="Stride"/>.
/// Scales: one float a product, 0 = no vector. Signs: blocks of 64 rows, transposed so that one shuffle looks 64 rows up at once (see <see cref="SignBlock"/>).
/// </summary>
internal static class VectorLayout
{
    /// <summary>Rows of one block of signs: one word of a bitmap.</summary>
    public const int BlockRows = 64;

    /// <summary>Dimensions that share one look-up of four sign bits.</summary>
    public const int GroupDimensions = 4;

    /// <summary>Bytes of one group in a block: four bits for each of 64 rows.</summary>
    public const int GroupBytes = 32;

    /// <summary>Most dimensions a vector may have: int32 dot products and 16-bit sums stay exact.</summary>
    public const int MaxDimensions = 4096;

    /// <summary>Bytes from one row of codes to the next: the dimensions padded to 64.</summary>
    public static int Stride(int dimensions) => (dimensions + 63) & ~63;

    /// <summary>Groups of four dimensions in a row, padding included; always even.</summary>
    public static int Groups(int dimensions) => Stride(dimensions) / GroupDimensions;

    /// <summary>Bytes of one block of signs.</summary>
    public static int SignBlockBytes(int dimensions) => Groups(dimensions) * GroupBytes;

    /// <summary>Bytes of the codes of a segment.</summary>
    public static long CodeBytes(int dimensions, int count) => (long)Stride(dimensions) * count;

    /// <summary>Bytes of the signs of a segment; the last block is whole.</summary>
    public static long SignBytes(int dimensions, int count) => (long)SignBlockBytes(dimensions) * ((count + BlockRows - 1) / BlockRows);
}
