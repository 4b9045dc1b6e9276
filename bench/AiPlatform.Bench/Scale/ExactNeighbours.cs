using System.Numerics.Tensors;

namespace AiPlatform.Bench.Scale;

/// <summary>The true nearest products in float32, for every query and every selectivity in one pass over the catalog.</summary>
internal static class ExactNeighbours
{
    public const int Depth = 10;

    /// <summary>Ids by query and selectivity.</summary>
    public static HashSet<string>[][] Find(SyntheticCatalog catalog, IReadOnlyList<float[]> queries)
    {
        var best = queries.Select(_ => ScaleScopes.Shares.Select(_ => new PriorityQueue<int, float>(Depth + 1)).ToArray()).ToArray();
        var vector = new float[SyntheticCatalog.Dimensions];
        for (var number = 0; number < catalog.Count; number++)
        {
            catalog.VectorAt(number, vector);
            var share = SyntheticCatalog.ShareOf(number);
            for (var q = 0; q < queries.Count; q++)
            {
                Offer(best[q], number, share, TensorPrimitives.Dot(vector, queries[q]));
            }
        }

        return [.. best.Select(b => b.Select(queue => queue.UnorderedItems.Select(i => SyntheticCatalog.IdOf(i.Element)).ToHashSet(StringComparer.Ordinal)).ToArray())];
    }

    private static void Offer(PriorityQueue<int, float>[] best, int number, double share, float cosine)
    {
        for (var s = 0; s < best.Length; s++)
        {
            if (share >= ScaleScopes.Shares[s])
            {
                continue;
            }

            if (best[s].Count < Depth)
            {
                best[s].Enqueue(number, cosine);
            }
            else if (best[s].TryPeek(out _, out var worst) && cosine > worst)
            {
                best[s].EnqueueDequeue(number, cosine);
            }
        }
    }
}
