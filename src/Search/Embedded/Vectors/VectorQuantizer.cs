using System.Numerics.Tensors;

namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>Vectors to bytes and back: rotated, then symmetric int8 with one scale a row. Pure; the same bytes on every machine for the same floats.</summary>
internal static class VectorQuantizer
{
    private const int StackFloats = 1024;

    /// <summary>
    /// Writes the codes of a vector (padding set to 0) and its scale, max|v|/127; codes are -127 to 127. A vector that is empty or zero gives zeros and scale 0: no vector.
    /// O(d log d), no allocation up to 1,024 dimensions.
    /// </summary>
    /// <param name="vector">The vector, of the layout's dimensions or empty.</param>
    /// <param name="codes">A row, at least <see cref="VectorLayout.Stride"/> of the vector's length.</param>
    /// <param name="scale">What a code is worth.</param>
    /// <exception cref="ArgumentException">The row is too short, or a value is not finite.</exception>
    public static void Quantize(ReadOnlySpan<float> vector, Span<sbyte> codes, out float scale)
    {
        codes.Clear();
        scale = 0;
        if (vector.IsEmpty)
        {
            return;
        }

        if (codes.Length < VectorLayout.Stride(vector.Length))
        {
            throw new ArgumentException($"A row of {vector.Length} dimensions needs {VectorLayout.Stride(vector.Length)} bytes, not {codes.Length}.", nameof(codes));
        }

        var rotated = vector.Length <= StackFloats ? stackalloc float[vector.Length] : new float[vector.Length];
        vector.CopyTo(rotated);
        VectorRotation.For(vector.Length).Apply(rotated);
        scale = QuantizeRotated(rotated, codes);
    }

    /// <summary>The vector of a row, within half a scale in each rotated dimension; empty rows give zeros.</summary>
    public static void Dequantize(ReadOnlySpan<sbyte> codes, float scale, Span<float> vector)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = codes[i] * scale;
        }

        VectorRotation.For(vector.Length).Invert(vector);
    }

    /// <summary>Codes of a vector that is rotated already; returns the scale.</summary>
    internal static float QuantizeRotated(ReadOnlySpan<float> rotated, Span<sbyte> codes)
    {
        var max = MathF.Abs(TensorPrimitives.MaxMagnitude(rotated));
        if (!float.IsFinite(max))
        {
            throw new ArgumentException("A vector holds a value that is not finite.", nameof(rotated));
        }

        // A denormal maximum has no finite inverse scale: such a vector is zero for every purpose.
        if (max < 1e-30f)
        {
            return 0;
        }

        var inverse = 127f / max;
        for (var i = 0; i < rotated.Length; i++)
        {
            codes[i] = (sbyte)Math.Clamp((int)MathF.Round(rotated[i] * inverse), -127, 127);
        }

        return max / 127f;
    }
}
