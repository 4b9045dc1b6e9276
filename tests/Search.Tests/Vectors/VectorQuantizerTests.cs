using AiPlatform.Search.Embedded.Vectors;
using Xunit;

namespace AiPlatform.Search.Tests.Vectors;

public sealed class VectorQuantizerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(256)]
    [InlineData(384)]
    [InlineData(1536)]
    public void Quantize_ThenDequantize_KeepsTheVector(int dimensions)
    {
        foreach (var vector in VectorTable.Random(4, 10, dimensions))
        {
            var codes = new sbyte[VectorLayout.Stride(dimensions)];
            VectorQuantizer.Quantize(vector, codes, out var scale);
            var back = new float[dimensions];
            VectorQuantizer.Dequantize(codes, scale, back);

            Assert.InRange(vector.Zip(VectorTable.Unit(back), (a, b) => a * b).Sum(), .9999f, 1.0001f);
            Assert.InRange(back.Sum(b => b * b), .99f, 1.01f);
            Assert.All(codes, c => Assert.InRange(c, -127, 127));
            Assert.All(codes[dimensions..], c => Assert.Equal(0, c));
            Assert.Contains(codes, c => Math.Abs((int)c) == 127);
        }
    }

    [Theory]
    [InlineData(48)]
    [InlineData(256)]
    [InlineData(384)]
    public void Rotation_Applied_KeepsCosinesAndInverts(int dimensions)
    {
        var vectors = VectorTable.Random(4, 2, dimensions);
        var rotated = vectors.Select(v => v.ToArray()).ToArray();
        foreach (var v in rotated)
        {
            VectorRotation.For(dimensions).Apply(v);
        }

        Assert.Equal(vectors[0].Zip(vectors[1], (a, b) => a * b).Sum(), rotated[0].Zip(rotated[1], (a, b) => a * b).Sum(), 4);
        VectorRotation.For(dimensions).Invert(rotated[0]);
        Assert.All(vectors[0].Zip(rotated[0]), p => Assert.Equal(p.First, p.Second, 4));
    }

    /// <summary>The rotation is part of stored files: it must never change.</summary>
    [Fact]
    public void Rotation_OfStoredFiles_IsTheSameForever()
    {
        var vector = new float[12];
        vector[0] = 1;
        VectorRotation.For(12).Apply(vector);

        Assert.Equal("-0.1768 -0.1768 0.3232 -0.1768 0.2500 0.0000 -0.3536 -0.3536 0.6036 0.3536 0.0000 0.0000", string.Join(' ', vector.Select(v => v.ToString("F4", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Quantize_NoVector_GivesScaleZero()
    {
        var codes = new sbyte[64];
        codes.AsSpan().Fill(5);
        VectorQuantizer.Quantize([], codes, out var empty);
        Assert.All(codes, c => Assert.Equal(0, c));
        VectorQuantizer.Quantize(new float[64], codes, out var zero);

        Assert.Equal(0, empty);
        Assert.Equal(0, zero);
    }

    [Fact]
    public void Quantize_BadInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => VectorQuantizer.Quantize([1, float.NaN], new sbyte[64], out _));
        Assert.Throws<ArgumentException>(() => VectorQuantizer.Quantize(new float[65], new sbyte[64], out _));
    }
}
