using System.Runtime.InteropServices;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Bench.Vectors;

/// <summary>Vectors in the engine's layout, in native memory.</summary>
internal sealed unsafe class VectorStore : IDisposable
{
    private readonly sbyte* _codes;
    private readonly float* _scales;
    private readonly byte* _signs;

    public VectorStore(int dimensions, int count, Action<int, Span<float>> vectorOf)
    {
        (Dimensions, Count) = (dimensions, count);
        var stride = VectorLayout.Stride(dimensions);
        _codes = (sbyte*)NativeMemory.AlignedAlloc((nuint)VectorLayout.CodeBytes(dimensions, count), 64);
        _scales = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        _signs = (byte*)NativeMemory.AlignedAlloc((nuint)VectorLayout.SignBytes(dimensions, count), 64);
        var blockBytes = VectorLayout.SignBlockBytes(dimensions);
        Parallel.For(0, (count + VectorLayout.BlockRows - 1) / VectorLayout.BlockRows, block =>
        {
            var vector = new float[dimensions];
            var first = block * VectorLayout.BlockRows;
            var rows = Math.Min(VectorLayout.BlockRows, count - first);
            for (var row = first; row < first + rows; row++)
            {
                vectorOf(row, vector);
                VectorQuantizer.Quantize(vector, new Span<sbyte>(_codes + ((long)row * stride), stride), out _scales[row]);
            }

            SignBlock.Write(new ReadOnlySpan<sbyte>(_codes + ((long)first * stride), rows * stride), dimensions, new Span<byte>(_signs + ((long)block * blockBytes), blockBytes));
        });
    }

    public int Dimensions { get; }

    public int Count { get; }

    public VectorBlock Block => new(_codes, _scales, _signs, Count, 0);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_codes);
        NativeMemory.AlignedFree(_scales);
        NativeMemory.AlignedFree(_signs);
    }
}
