using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>
/// A fixed random rotation (sign flips and Walsh–Hadamard transforms). It keeps every cosine and spreads what a vector says over all dimensions, so that
/// bytes and single bits lose little even where, as in a truncated SVD, the first dimensions carry most. The same on every machine; part of the stored format.
/// </summary>
internal sealed class VectorRotation
{
    private const int Rounds = 2;
    private const ulong Seed = 0x5EED_0F_0A1C_A7A1;

    private static readonly ConcurrentDictionary<int, VectorRotation> Known = new();

    private readonly float[][] _flips;
    private readonly int _power;

    private VectorRotation(int dimensions)
    {
        Dimensions = dimensions;
        _power = (int)BitOperations.RoundUpToPowerOf2((uint)dimensions + 1) / 2;
        var state = Seed + (ulong)dimensions;
        _flips = new float[Rounds][];
        for (var round = 0; round < Rounds; round++)
        {
            var flips = new float[dimensions];
            for (var i = 0; i < dimensions; i++)
            {
                flips[i] = (SplitMix(ref state) & 1) == 0 ? 1f : -1f;
            }

            _flips[round] = flips;
        }
    }

    /// <summary>Length of the vectors it turns.</summary>
    public int Dimensions { get; }

    /// <summary>The rotation of vectors of this length; made once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to <see cref="VectorLayout.MaxDimensions"/>.</exception>
    public static VectorRotation For(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, VectorLayout.MaxDimensions);
        return Known.TryGetValue(dimensions, out var known) ? known : Known.GetOrAdd(dimensions, static d => new VectorRotation(d));
    }

    /// <summary>Rotates in place. O(d log d), no allocation.</summary>
    public void Apply(Span<float> vector)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Flip(vector, _flips[round]);
            Transform(vector[.._power]);
            if (_power < Dimensions)
            {
                Transform(vector[(Dimensions - _power)..]);
            }
        }
    }

    /// <summary>Undoes <see cref="Apply"/>.</summary>
    public void Invert(Span<float> vector)
    {
        for (var round = Rounds - 1; round >= 0; round--)
        {
            if (_power < Dimensions)
            {
                Transform(vector[(Dimensions - _power)..]);
            }

            Transform(vector[.._power]);
            Flip(vector, _flips[round]);
        }
    }

    private static void Flip(Span<float> vector, float[] flips)
    {
        for (var i = 0; i < flips.Length; i++)
        {
            vector[i] *= flips[i];
        }
    }

    /// <summary>The normalised Walsh–Hadamard transform, its own inverse. The length is a power of two.</summary>
    private static void Transform(Span<float> x)
    {
        for (var half = 1; half < x.Length; half *= 2)
        {
            for (var start = 0; start < x.Length; start += 2 * half)
            {
                Butterfly(x.Slice(start, half), x.Slice(start + half, half));
            }
        }

        var norm = 1f / MathF.Sqrt(x.Length);
        foreach (ref var value in x)
        {
            value *= norm;
        }
    }

    private static void Butterfly(Span<float> left, Span<float> right)
    {
        if (left.Length >= Vector<float>.Count)
        {
            var a = MemoryMarshal.Cast<float, Vector<float>>(left);
            var b = MemoryMarshal.Cast<float, Vector<float>>(right);
            for (var i = 0; i < a.Length; i++)
            {
                (a[i], b[i]) = (a[i] + b[i], a[i] - b[i]);
            }

            return;
        }

        for (var i = 0; i < left.Length; i++)
        {
            (left[i], right[i]) = (left[i] + right[i], left[i] - right[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
