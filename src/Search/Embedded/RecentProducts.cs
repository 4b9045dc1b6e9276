using System.Numerics;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// Products of one generation that were read lately, so that what is asked for often is decoded once. An ordinal has one slot and a newcomer takes it
/// from whoever is there. Decides nothing: who may see a product is settled before it is read. Bounded in number and in the size of a product. Thread-safe:
/// a slot is one reference.
/// </summary>
/// <param name="products">How many products there are.</param>
internal sealed class RecentProducts(int products)
{
    private const int MostSlots = 4_096;

    /// <summary>Products whose stored form is larger are read each time.</summary>
    private const long LargestBytes = 8_192;

    private readonly Entry?[] _slots = new Entry?[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(products, 1, MostSlots))];

    public Product? Find(int ordinal) => _slots[ordinal & (_slots.Length - 1)] is { } entry && entry.Ordinal == ordinal ? entry.Product : null;

    public void Keep(int ordinal, Product product, long storedBytes)
    {
        if (storedBytes <= LargestBytes)
        {
            _slots[ordinal & (_slots.Length - 1)] = new Entry(ordinal, product);
        }
    }

    private sealed record Entry(int Ordinal, Product Product);
}
