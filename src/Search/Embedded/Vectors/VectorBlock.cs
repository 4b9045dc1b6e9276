namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>The vectors of one segment, as they lie in memory or in a mapped file, which must outlive every search. Layout: <see cref="VectorLayout"/>.</summary>
/// <param name="codes">Rows of codes.</param>
/// <param name="scales">One a row; 0 = the product has no vector and is never returned.</param>
/// <param name="signs">Blocks of signs.</param>
/// <param name="count">Rows.</param>
/// <param name="firstOrdinal">Ordinal of the first row; the next rows follow.</param>
internal readonly unsafe struct VectorBlock(sbyte* codes, float* scales, byte* signs, int count, int firstOrdinal)
{
    /// <summary>Rows of codes.</summary>
    public readonly sbyte* Codes = codes;

    /// <summary>One scale a row.</summary>
    public readonly float* Scales = scales;

    /// <summary>Blocks of signs.</summary>
    public readonly byte* Signs = signs;

    /// <summary>Rows.</summary>
    public readonly int Count = count;

    /// <summary>Ordinal of the first row.</summary>
    public readonly int FirstOrdinal = firstOrdinal;
}
