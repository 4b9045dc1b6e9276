using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embeddings;

/// <summary>
/// The products a model learns from: only those visible to everyone, and of more than the bound those with the smallest hashes of their ids, so that the choice does not
/// depend on the order of the source. O(products · log bound), memory for the bound.
/// </summary>
internal sealed class TrainingSample
{
    private TrainingSample(List<(ulong Hash, Product Product)> products, int publicProducts) => (Products, PublicProducts) = (products, publicProducts);

    /// <summary>The products with the hashes of their ids, ascending by hash, then by id.</summary>
    public IReadOnlyList<(ulong Hash, Product Product)> Products { get; }

    /// <summary>Products visible to everyone, in the sample or not.</summary>
    public int PublicProducts { get; }

    /// <summary>Draws the sample.</summary>
    public static TrainingSample Draw(IEnumerable<Product> products, int most, CancellationToken cancellationToken)
    {
        var largestFirst = Comparer<(ulong Hash, string Id)>.Create((a, b) => Compare(b, a));
        var queue = new PriorityQueue<Product, (ulong Hash, string Id)>(largestFirst);
        var publicProducts = 0;
        foreach (var product in products)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!product.IsVisibleToEveryone)
            {
                continue;
            }

            publicProducts++;
            var key = (CatalogEmbedder.HashId(product.Id), product.Id);
            if (queue.Count < most)
            {
                queue.Enqueue(product, key);
            }
            else
            {
                queue.EnqueueDequeue(product, key);
            }
        }

        var sample = queue.UnorderedItems.OrderBy(i => i.Priority, Comparer<(ulong Hash, string Id)>.Create(Compare)).Select(i => (i.Priority.Hash, i.Element)).ToList();
        return new TrainingSample(sample, publicProducts);
    }

    private static int Compare((ulong Hash, string Id) a, (ulong Hash, string Id) b)
    {
        var byHash = a.Hash.CompareTo(b.Hash);
        return byHash != 0 ? byHash : string.CompareOrdinal(a.Id, b.Id);
    }
}
