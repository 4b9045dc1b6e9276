namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>The query's codes in the forms that kernels read.</summary>
internal readonly unsafe struct QueryCodes(sbyte* bytes, short* words, int length, int sum)
{
    /// <summary>Codes as bytes.</summary>
    public readonly sbyte* Bytes = bytes;

    /// <summary>The same codes as 16-bit words.</summary>
    public readonly short* Words = words;

    /// <summary>Codes, padding included; a multiple of 64.</summary>
    public readonly int Length = length;

    /// <summary>Sum of the codes.</summary>
    public readonly int Sum = sum;
}
