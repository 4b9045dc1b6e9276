using System.Runtime.InteropServices;

namespace AiPlatform.Bench.Engine;

/// <summary>Vectors from <c>PREFIX.i8</c> (signed bytes, row by row) and <c>PREFIX.scale.f32</c> (one little-endian float a row): value = byte x scale.</summary>
internal sealed class StoredVectors
{
    private readonly byte[] _codes;
    private readonly float[] _scales;

    private StoredVectors(byte[] codes, float[] scales)
    {
        _codes = codes;
        _scales = scales;
        Dimensions = codes.Length / scales.Length;
    }

    public int Rows => _scales.Length;

    public int Dimensions { get; }

    public static StoredVectors Read(string prefix)
    {
        var codes = File.ReadAllBytes(prefix + ".i8");
        var scales = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(prefix + ".scale.f32")).ToArray();
        return scales.Length > 0 && codes.Length % scales.Length == 0
            ? new StoredVectors(codes, scales)
            : throw new InvalidDataException($"{prefix}.i8 has {codes.Length} bytes, no multiple of the {scales.Length} rows of {prefix}.scale.f32.");
    }

    /// <summary>A row, L2-normalised: quantisation leaves the length a little off 1.</summary>
    public float[] Row(int row)
    {
        var vector = new float[Dimensions];
        var square = 0f;
        for (var i = 0; i < Dimensions; i++)
        {
            vector[i] = (sbyte)_codes[(row * Dimensions) + i] * _scales[row];
            square += vector[i] * vector[i];
        }

        var factor = 1 / MathF.Sqrt(square);
        for (var i = 0; i < Dimensions; i++)
        {
            vector[i] *= factor;
        }

        return vector;
    }
}
