namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>Instruction sets of the scan, slowest first.</summary>
internal enum VectorKernel
{
    /// <summary>Plain loops: the reference.</summary>
    Scalar,

    /// <summary>What .NET vectorises on any machine.</summary>
    Portable,

    /// <summary>AVX2.</summary>
    Avx2,

    /// <summary>AVX2 with 8-bit dot products (AVX-VNNI).</summary>
    AvxVnni,

    /// <summary>AVX-512 (F, BW), with AVX-VNNI dot products where there are any.</summary>
    Avx512,
}
