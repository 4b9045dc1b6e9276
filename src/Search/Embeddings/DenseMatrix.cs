using System.Numerics;
using System.Runtime.InteropServices;

namespace AiPlatform.Search.Embeddings;

/// <summary>A dense matrix by rows, rows padded with zeros to whole vectors.</summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
internal sealed class DenseMatrix(int rows, int columns)
{
    private const int ChunkRows = 1024;
    private const int Padding = 16;

    private readonly int _stride = (columns + Padding - 1) / Padding * Padding;
    private readonly float[] _values = new float[(long)rows * ((columns + Padding - 1) / Padding * Padding)];

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns.</summary>
    public int Columns { get; } = columns;

    /// <summary>One row, without padding.</summary>
    public Span<float> Row(int row) => _values.AsSpan(row * _stride, Columns);

    /// <summary>The transposed of this, times the other: columns by columns. On all cores; sums are taken in fixed chunks, so the result does not depend on how many. O(rows · columns²).</summary>
    public double[,] TransposedTimes(DenseMatrix other, CancellationToken cancellationToken)
    {
        var chunks = new float[(Rows + ChunkRows - 1) / ChunkRows][];
        Parallel.For(0, chunks.Length, new ParallelOptions { CancellationToken = cancellationToken }, chunk =>
        {
            var sum = new float[Columns * other._stride];
            for (var row = chunk * ChunkRows; row < Math.Min(Rows, (chunk + 1) * ChunkRows); row++)
            {
                AddOuter(Row(row), other.Padded(row), sum);
            }

            chunks[chunk] = sum;
        });
        var result = new double[Columns, other.Columns];
        foreach (var chunk in chunks)
        {
            for (var i = 0; i < Columns; i++)
            {
                for (var j = 0; j < other.Columns; j++)
                {
                    result[i, j] += chunk[(i * other._stride) + j];
                }
            }
        }

        return result;
    }

    /// <summary>This times a small matrix, on all cores. O(rows · columns · width).</summary>
    public DenseMatrix Times(DenseMatrix right, CancellationToken cancellationToken)
    {
        var result = new DenseMatrix(Rows, right.Columns);
        Parallel.For(0, (Rows + ChunkRows - 1) / ChunkRows, new ParallelOptions { CancellationToken = cancellationToken }, chunk =>
        {
            for (var row = chunk * ChunkRows; row < Math.Min(Rows, (chunk + 1) * ChunkRows); row++)
            {
                var source = Row(row);
                var target = MemoryMarshal.Cast<float, Vector<float>>(result.Padded(row));
                for (var i = 0; i < source.Length; i++)
                {
                    var factor = new Vector<float>(source[i]);
                    var addend = MemoryMarshal.Cast<float, Vector<float>>(right.Padded(i));
                    for (var j = 0; j < target.Length; j++)
                    {
                        target[j] += factor * addend[j];
                    }
                }
            }
        });
        return result;
    }

    private static void AddOuter(Span<float> left, Span<float> right, float[] sum)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(right);
        var target = MemoryMarshal.Cast<float, Vector<float>>(sum.AsSpan());
        for (var i = 0; i < left.Length; i++)
        {
            var factor = new Vector<float>(left[i]);
            var row = target.Slice(i * vectors.Length, vectors.Length);
            for (var j = 0; j < vectors.Length; j++)
            {
                row[j] += factor * vectors[j];
            }
        }
    }

    private Span<float> Padded(int row) => _values.AsSpan(row * _stride, _stride);
}
