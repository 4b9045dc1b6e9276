using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// Counts facet values over matches, all of which the scope sees. Brand and class by their columns, O(matches); other fields by their
/// values' postings, O(postings of the field); price and rating as a range, O(matches).
/// </summary>
internal static unsafe class FacetCounter
{
    public static Facet Count(ScopeView view, SearchScratch scratch, string field, int size) => field switch
    {
        ProductFields.Brand => ByColumn(view, scratch, field, view.Generation.Brands, size),
        ProductFields.Class => ByColumn(view, scratch, field, view.Generation.Classes, size),
        ProductFields.Price or ProductFields.Rating => Range(view, scratch, field),
        _ => ByPostings(view, scratch, field, size),
    };

    private static Facet ByColumn(ScopeView view, SearchScratch scratch, string field, ValueColumn column, int size)
    {
        var counters = scratch.CountersFor(column.Distinct);
        var matches = scratch.Matches.AsSpan(0, scratch.MatchCount);
        var keys = scratch.KeysFor(Math.Min(column.Distinct, matches.Length));
        foreach (var ordinal in matches)
        {
            var value = column.Numbers[ordinal];
            if (value >= 0)
            {
                counters[value]++;
            }
        }

        var distinct = 0;
        foreach (var ordinal in matches)
        {
            var value = column.Numbers[ordinal];
            if (value >= 0 && counters[value] > 0)
            {
                // Most frequent first; values are numbered in their own order.
                keys[distinct++] = ((ulong)(uint)~counters[value] << 32) | (uint)value;
                counters[value] = 0;
            }
        }

        var sorted = keys.AsSpan(0, distinct);
        sorted.Sort();
        var values = new FacetValue[Math.Min(size, distinct)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = new FacetValue(view.DisplayName(field, column.Value((int)(uint)sorted[i])), (int)~(uint)(sorted[i] >> 32));
        }

        return new Facet(field, [.. values], distinct, null, null);
    }

    private static Facet ByPostings(ScopeView view, SearchScratch scratch, string field, int size)
    {
        var generation = view.Generation;
        var matching = Bits.New(generation.Count);
        foreach (var ordinal in scratch.Matches.AsSpan(0, scratch.MatchCount))
        {
            Bits.Set(matching, ordinal);
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var s = 0; s < generation.Segments.Length; s++)
        {
            var segment = generation.Segments[s];
            if (!segment.KeywordFields.TryGetValue(field, out var range))
            {
                continue;
            }

            for (var keyword = range.First; keyword < range.End; keyword++)
            {
                var count = Intersect(segment, keyword, generation.Base(s), matching);
                if (count > 0)
                {
                    var value = segment.Keyword(keyword);
                    counts[value] = counts.GetValueOrDefault(value) + count;
                }
            }
        }

        var values = counts
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key, Utf8Order.Instance)
            .Take(size)
            .Select(c => new FacetValue(view.DisplayName(field, c.Key), c.Value));
        return new Facet(field, [.. values], counts.Count, null, null);
    }

    /// <summary>How many of a keyword's products are in the bitmap.</summary>
    public static int Intersect(SegmentReader segment, int keyword, int firstOrdinal, ReadOnlySpan<ulong> bits)
    {
        var source = segment.KeywordPostings(keyword);
        var ordinal = firstOrdinal - 1;
        var count = 0;
        for (var i = segment.KeywordProducts(keyword); i > 0; i--)
        {
            ordinal += (int)VarInt.Read(ref source);
            count += Bits.Has(bits, ordinal) ? 1 : 0;
        }

        return count;
    }

    private static Facet Range(ScopeView view, SearchScratch scratch, string field)
    {
        decimal? min = null, max = null;
        foreach (var ordinal in scratch.Matches.AsSpan(0, scratch.MatchCount))
        {
            var (segment, product) = view.Generation.Locate(ordinal);
            var value = field == ProductFields.Price ? Price(segment, product) : Rating(segment, product);
            min = value is null || min <= value ? min : value;
            max = value is null || max >= value ? max : value;
        }

        return new Facet(field, [], 0, min, max);
    }

    private static decimal? Price(SegmentReader segment, int product) =>
        segment.Prices[product] == SegmentFormat.NoPrice ? null : segment.Prices[product] / SegmentFormat.PriceScale;

    private static decimal? Rating(SegmentReader segment, int product) =>
        double.IsNaN(segment.Ratings[product]) ? null : (decimal)segment.Ratings[product];
}
