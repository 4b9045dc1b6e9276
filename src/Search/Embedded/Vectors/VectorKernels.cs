using System.Runtime.Intrinsics.X86;

namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>Which kernels this machine runs.</summary>
internal static class VectorKernels
{
    /// <summary>The kernels that run here, slowest first.</summary>
    public static IReadOnlyList<VectorKernel> Available { get; } = Enum.GetValues<VectorKernel>().Where(IsSupported).ToArray();

    /// <summary>The one to use unless told otherwise.</summary>
    public static VectorKernel Fastest { get; } = Available[^1];

    private static bool IsSupported(VectorKernel kernel) => kernel switch
    {
        VectorKernel.Avx2 => Avx2.IsSupported && Bmi2.X64.IsSupported,
        VectorKernel.AvxVnni => AvxVnni.IsSupported && Avx2.IsSupported && Bmi2.X64.IsSupported,
        VectorKernel.Avx512 => Avx512BW.IsSupported && Avx2.IsSupported && Bmi2.X64.IsSupported,
        _ => true,
    };
}
