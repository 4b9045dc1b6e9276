using System.Numerics.Tensors;

namespace AiPlatform.Search.Embeddings;

/// <summary>A sparse matrix by rows. Immutable.</summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="starts">Where each row's entries begin, with one more at the end.</param>
/// <param name="indices">Column of each entry, ascending in a row.</param>
/// <param name="values">Value of each entry.</param>
internal sealed class SparseMatrix(int rows, int columns, int[] starts, int[] indices, float[] values)
{
    private const int ChunkRows = 256;

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns.</summary>
    public int Columns { get; } = columns;

    /// <summary>The transposed matrix. O(entries).</summary>
    public SparseMatrix Transpose()
    {
        var target = new int[Columns + 1];
        foreach (var column in indices)
        {
            target[column + 1]++;
        }

        for (var i = 0; i < Columns; i++)
        {
            target[i + 1] += target[i];
        }

        var (next, rowOf, turned) = (target.ToArray(), new int[indices.Length], new float[values.Length]);
        for (var row = 0; row < Rows; row++)
        {
            for (var i = starts[row]; i < starts[row + 1]; i++)
            {
                var place = next[indices[i]]++;
                (rowOf[place], turned[place]) = (row, values[i]);
            }
        }

        return new SparseMatrix(Columns, Rows, target, rowOf, turned);
    }

    /// <summary>This times a dense matrix, on all cores; the result does not depend on how many. O(entries · width).</summary>
    public DenseMatrix Multiply(DenseMatrix right, CancellationToken cancellationToken)
    {
        var result = new DenseMatrix(Rows, right.Columns);
        Parallel.For(0, (Rows + ChunkRows - 1) / ChunkRows, new ParallelOptions { CancellationToken = cancellationToken }, chunk =>
        {
            for (var row = chunk * ChunkRows; row < Math.Min(Rows, (chunk + 1) * ChunkRows); row++)
            {
                var target = result.Row(row);
                for (var i = starts[row]; i < starts[row + 1]; i++)
                {
                    TensorPrimitives.MultiplyAdd(right.Row(indices[i]), values[i], target, target);
                }
            }
        });
        return result;
    }
}
