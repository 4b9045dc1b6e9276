using System.Numerics.Tensors;

namespace AiPlatform.Search.Embeddings;

/// <summary>Clusters of unit vectors by cosine. Deterministic. O(rounds · vectors · clusters · dimensions).</summary>
internal static class SphericalKMeans
{
    private const int Rounds = 8;
    private const int ChunkRows = 256;

    /// <summary>Centroids of unit length; empty clusters are dropped. Rows that are zero belong to none.</summary>
    public static DenseMatrix Train(DenseMatrix vectors, int clusters, CancellationToken cancellationToken)
    {
        var filled = Enumerable.Range(0, vectors.Rows).Where(i => vectors.Row(i).ContainsAnyExcept(0f)).ToArray();
        clusters = Math.Min(clusters, filled.Length);
        var centroids = new DenseMatrix(clusters, vectors.Columns);
        for (var i = 0; i < clusters; i++)
        {
            vectors.Row(filled[(int)((long)i * filled.Length / clusters)]).CopyTo(centroids.Row(i));
        }

        var assigned = new int[filled.Length];
        for (var round = 0; round < Rounds && clusters > 0; round++)
        {
            var current = centroids;
            Parallel.For(0, (filled.Length + ChunkRows - 1) / ChunkRows, new ParallelOptions { CancellationToken = cancellationToken }, chunk =>
            {
                for (var i = chunk * ChunkRows; i < Math.Min(filled.Length, (chunk + 1) * ChunkRows); i++)
                {
                    assigned[i] = Nearest(current, vectors.Row(filled[i]));
                }
            });
            centroids = Means(vectors, filled, assigned, current);
        }

        return centroids;
    }

    /// <summary>The centroid nearest to a vector; the first of equal ones; -1 when there is none.</summary>
    public static int Nearest(DenseMatrix centroids, ReadOnlySpan<float> vector)
    {
        var (best, bestCosine) = (-1, float.NegativeInfinity);
        for (var i = 0; i < centroids.Rows; i++)
        {
            var cosine = TensorPrimitives.Dot(centroids.Row(i), vector);
            if (cosine > bestCosine)
            {
                (best, bestCosine) = (i, cosine);
            }
        }

        return best;
    }

    private static DenseMatrix Means(DenseMatrix vectors, int[] filled, int[] assigned, DenseMatrix previous)
    {
        var sums = new DenseMatrix(previous.Rows, previous.Columns);
        for (var i = 0; i < filled.Length; i++)
        {
            var sum = sums.Row(assigned[i]);
            TensorPrimitives.Add(sum, vectors.Row(filled[i]), sum);
        }

        for (var i = 0; i < sums.Rows; i++)
        {
            var norm = TensorPrimitives.Norm<float>(sums.Row(i));
            if (norm > 0)
            {
                TensorPrimitives.Divide(sums.Row(i), norm, sums.Row(i));
            }
            else
            {
                // Nobody chose it: it stays where it was and may win someone later.
                previous.Row(i).CopyTo(sums.Row(i));
            }
        }

        return sums;
    }
}
