using System.Runtime.InteropServices;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Search.Tests.Vectors;

/// <summary>Vectors in the engine's layout, cut into segments, with their floats beside them.</summary>
internal sealed unsafe class VectorTable : IDisposable
{
    private readonly List<nint> _memory = [];

    public VectorTable(int dimensions, float[][] vectors, params int[] segmentSizes)
    {
        (Dimensions, Vectors) = (dimensions, vectors);
        var first = 0;
        var blocks = new List<VectorBlock>();
        foreach (var size in segmentSizes.Length == 0 ? [vectors.Length] : segmentSizes)
        {
            blocks.Add(Segment(first, size));
            first += size;
        }

        Blocks = [.. blocks];
    }

    public int Dimensions { get; }

    public float[][] Vectors { get; }

    public VectorBlock[] Blocks { get; }

    /// <summary>Random unit vectors, in loose clusters; every so often a product without one.</summary>
    public static float[][] Random(int seed, int count, int dimensions, int emptyEvery = int.MaxValue)
    {
        var random = new Random(seed);
        var centres = Enumerable.Range(0, 20).Select(_ => Gaussian(random, dimensions)).ToArray();
        return Enumerable.Range(1, count)
            .Select(i => i % emptyEvery == 0 ? [] : Unit([.. Gaussian(random, dimensions).Zip(centres[random.Next(20)], (a, b) => a + b)]))
            .ToArray();
    }

    /// <summary>Judged vectors: rows of signed bytes with a scale each.</summary>
    public static float[][] Read(string prefix, int dimensions)
    {
        var codes = File.ReadAllBytes(prefix + ".i8");
        var scales = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(prefix + ".scale.f32")).ToArray();
        return scales.Select((s, row) => Unit([.. Enumerable.Range(0, dimensions).Select(j => (sbyte)codes[(row * dimensions) + j] * s)])).ToArray();
    }

    public static float[] Unit(float[] vector)
    {
        var inverse = 1 / MathF.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v * inverse)];
    }

    public void Dispose()
    {
        foreach (var pointer in _memory)
        {
            NativeMemory.AlignedFree((void*)pointer);
        }
    }

    private static float[] Gaussian(Random random, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(_ => MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle()))];

    private VectorBlock Segment(int first, int count)
    {
        var stride = VectorLayout.Stride(Dimensions);
        var codes = (sbyte*)Allocate(VectorLayout.CodeBytes(Dimensions, count));
        var scales = (float*)Allocate((long)count * sizeof(float));
        var signs = (byte*)Allocate(VectorLayout.SignBytes(Dimensions, count));
        for (var row = 0; row < count; row++)
        {
            VectorQuantizer.Quantize(Vectors[first + row], new Span<sbyte>(codes + (row * stride), stride), out scales[row]);
        }

        for (var row = 0; row < count; row += VectorLayout.BlockRows)
        {
            var bytes = VectorLayout.SignBlockBytes(Dimensions);
            SignBlock.Write(
                new ReadOnlySpan<sbyte>(codes + (row * stride), Math.Min(VectorLayout.BlockRows, count - row) * stride),
                Dimensions,
                new Span<byte>(signs + (row / VectorLayout.BlockRows * bytes), bytes));
        }

        return new VectorBlock(codes, scales, signs, count, first);
    }

    private void* Allocate(long bytes)
    {
        var pointer = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 64), 64);
        _memory.Add((nint)pointer);
        return pointer;
    }
}
