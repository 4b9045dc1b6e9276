using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Orders matches by a column; products without a value last, ties by id. O(matches log matches).</summary>
internal static class ColumnSort
{
    public static (int Ordinal, float Score)[] Top(CatalogGeneration generation, SearchScratch scratch, ProductSort sort, int wanted)
    {
        var matches = scratch.Matches.AsSpan(0, scratch.MatchCount);
        var keys = new SortKey[matches.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Key(generation, matches[i], sort);
        }

        Array.Sort(keys);
        var hits = new (int, float)[Math.Min(wanted, keys.Length)];
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = (generation.ByIdRank[keys[i].IdRank], 0);
        }

        return hits;
    }

    private static SortKey Key(CatalogGeneration generation, int ordinal, ProductSort sort)
    {
        var (segment, product) = generation.Locate(ordinal);
        var rank = generation.IdRanks[ordinal];
        return sort switch
        {
            ProductSort.PriceAscending => new SortKey(Price(segment, product, 1), 0, rank),
            ProductSort.PriceDescending => new SortKey(Price(segment, product, -1), 0, rank),
            ProductSort.Rating => new SortKey(double.IsNaN(segment.Ratings[product]) ? double.MaxValue : -segment.Ratings[product], -segment.RatingCounts[product], rank),
            ProductSort.Newest => new SortKey(segment.Released[product] == long.MinValue ? double.MaxValue : -segment.Released[product], 0, rank),

            // Nothing was asked: the most rated first.
            _ => new SortKey(-segment.RatingCounts[product], 0, rank),
        };
    }

    private static double Price(SegmentReader segment, int product, int sign) =>
        segment.Prices[product] == SegmentFormat.NoPrice ? double.MaxValue : sign * (double)segment.Prices[product];

    private readonly record struct SortKey(double First, int Second, int IdRank) : IComparable<SortKey>
    {
        public int CompareTo(SortKey other)
        {
            var first = First.CompareTo(other.First);
            if (first != 0)
            {
                return first;
            }

            return Second != other.Second ? Second.CompareTo(other.Second) : IdRank.CompareTo(other.IdRank);
        }
    }
}
