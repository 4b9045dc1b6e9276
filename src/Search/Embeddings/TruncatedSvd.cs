using MathNet.Numerics.LinearAlgebra;

namespace AiPlatform.Search.Embeddings;

/// <summary>
/// Randomised truncated SVD of a sparse matrix (Halko, Martinsson, Tropp 2011): a random subspace of the rows' side, sharpened by power iterations, then a small exact
/// decomposition. Deterministic for the same input. O(entries · width + rows · width²) a round.
/// </summary>
internal static class TruncatedSvd
{
    private const int Oversampling = 24;
    private const double Negligible = 1e-7;

    /// <summary>The right singular vectors of the largest singular values: one row a column of the matrix, at most <paramref name="rank"/> wide (fewer when the matrix has a lower rank).</summary>
    public static DenseMatrix RightVectors(SparseMatrix matrix, int rank, int powerIterations, int seed, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var width = Math.Min(rank + Oversampling, Math.Min(matrix.Rows, matrix.Columns));
        var transposed = matrix.Transpose();
        var basis = Orthonormal(matrix.Multiply(Gaussian(matrix.Columns, width, seed), cancellationToken), cancellationToken);
        for (var round = 0; round < powerIterations; round++)
        {
            progress?.Report((round + 1) / (powerIterations + 2d));
            basis = Orthonormal(matrix.Multiply(transposed.Multiply(basis, cancellationToken), cancellationToken), cancellationToken);
        }

        var image = matrix.Multiply(transposed.Multiply(basis, cancellationToken), cancellationToken);
        var (turn, _) = Eigen(basis.TransposedTimes(image, cancellationToken), rank, (vector, value) => vector / Math.Sqrt(value));
        return transposed.Multiply(basis.Times(turn, cancellationToken), cancellationToken);
    }

    /// <summary>Columns of the same span, orthonormal; dependent columns vanish.</summary>
    private static DenseMatrix Orthonormal(DenseMatrix matrix, CancellationToken cancellationToken)
    {
        var gram = matrix.TransposedTimes(matrix, cancellationToken);
        var (turn, _) = Eigen(gram, matrix.Columns, (vector, value) => vector / Math.Sqrt(value));
        return matrix.Times(turn, cancellationToken);
    }

    /// <summary>Eigenvectors of a symmetric matrix, largest eigenvalues first, as columns; negligible ones are left out.</summary>
    private static (DenseMatrix Vectors, int Count) Eigen(double[,] symmetric, int most, Func<double, double, double> scale)
    {
        var size = symmetric.GetLength(0);
        var decomposition = Matrix<double>.Build.Dense(size, size, (i, j) => (symmetric[i, j] + symmetric[j, i]) / 2).Evd(Symmetricity.Symmetric);
        var values = decomposition.EigenValues.Select(v => v.Real).ToArray();
        var order = Enumerable.Range(0, size).OrderByDescending(i => values[i]).ThenBy(i => i).Take(most).Where(i => values[i] > values.Max() * Negligible && values[i] > 0).ToArray();
        var result = new DenseMatrix(size, order.Length);
        for (var i = 0; i < size; i++)
        {
            var row = result.Row(i);
            for (var j = 0; j < order.Length; j++)
            {
                row[j] = (float)scale(decomposition.EigenVectors[i, order[j]], values[order[j]]);
            }
        }

        return (result, order.Length);
    }

    private static DenseMatrix Gaussian(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var result = new DenseMatrix(rows, columns);
        for (var i = 0; i < rows; i++)
        {
            foreach (ref var value in result.Row(i))
            {
                // Four uniforms are near enough to normal for a random subspace.
                value = (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle()) - 2f;
            }
        }

        return result;
    }
}
