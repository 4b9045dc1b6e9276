using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>A vector as the embedded engine keeps it, in bytes: the scale, then a code a dimension. A tenth of the vector's own text in an answer.</summary>
internal static class VectorCodes
{
    /// <summary>The bytes of a vector; null for one without direction (empty or zero).</summary>
    public static byte[]? Write(ReadOnlySpan<float> vector)
    {
        if (vector.IsEmpty)
        {
            return null;
        }

        var row = new sbyte[VectorLayout.Stride(vector.Length)];
        VectorQuantizer.Quantize(vector, row, out var scale);
        if (scale == 0)
        {
            return null;
        }

        var bytes = new byte[sizeof(float) + vector.Length];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, scale);
        MemoryMarshal.AsBytes(row.AsSpan(0, vector.Length)).CopyTo(bytes.AsSpan(sizeof(float)));
        return bytes;
    }

    /// <summary>The vector of the bytes, within half a scale; empty when they are not of this dimension.</summary>
    public static float[] Read(ReadOnlySpan<byte> bytes, int dimensions)
    {
        if (bytes.Length != sizeof(float) + dimensions)
        {
            return [];
        }

        var vector = new float[dimensions];
        VectorQuantizer.Dequantize(MemoryMarshal.Cast<byte, sbyte>(bytes[sizeof(float)..]), BinaryPrimitives.ReadSingleLittleEndian(bytes), vector);
        return vector;
    }

    /// <summary>Cosine of a vector of length one, rotated as the codes are, and the bytes; NaN when they are not of its dimension. O(dimensions).</summary>
    public static float Cosine(ReadOnlySpan<float> rotated, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != sizeof(float) + rotated.Length)
        {
            return float.NaN;
        }

        var codes = MemoryMarshal.Cast<byte, sbyte>(bytes[sizeof(float)..]);
        var sum = 0f;
        for (var i = 0; i < rotated.Length; i++)
        {
            sum += rotated[i] * codes[i];
        }

        return sum * BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }
}
