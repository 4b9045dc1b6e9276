using System.Collections.Immutable;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// Executes filters as bitmaps over a generation. The scope's filter is the same rule as <see cref="ProductFilter.IsVisible"/>; a
/// property test compares them. O(postings of the values named) plus O(words) a set operation.
/// </summary>
internal static unsafe class FilterBitmaps
{
    /// <summary>The live products a scope's filter sees.</summary>
    public static ulong[] Visible(CatalogGeneration generation, ProductFilter filter)
    {
        if (filter.SeesEverything)
        {
            return [.. generation.Live];
        }

        var visible = Bits.New(generation.Count);
        foreach (var branch in filter.Branches.Where(b => !b.Never))
        {
            Bits.Or(visible, Branch(generation, branch));
        }

        var restricted = Bits.New(generation.Count);
        if (filter.Region is { } region)
        {
            AddValue(generation, ProductFields.RestrictedRegions, region, restricted);
        }
        else
        {
            // A caller of unknown region is refused by any restriction, also by one that names no region.
            AddField(generation, ProductFields.RestrictedRegions, restricted);
            AddField(generation, SegmentFormat.BlankRestrictionField, restricted);
        }

        Bits.AndNot(visible, restricted);
        Bits.And(visible, generation.Live);
        return visible;
    }

    /// <summary>Narrows a bitmap by a caller's own filter, whose field is canonical and whose shape has been checked.</summary>
    public static void Narrow(CatalogGeneration generation, QueryFilter filter, Span<ulong> bits)
    {
        var matching = Bits.New(generation.Count);
        switch (filter.Operator)
        {
            case QueryFilterOperator.Range when filter.Field == ProductFields.Price:
                AddPrices(generation, filter.Min, filter.Max, matching);
                break;
            case QueryFilterOperator.In when SegmentFormat.IsKeyword(filter.Field):
                AddValues(generation, filter, matching);
                break;
            case QueryFilterOperator.Range when SegmentFormat.IsKeyword(filter.Field):
                AddValues(generation, filter.Field, v => SpecificationNumber.TryParse(v, out var n) && (filter.Min is null || n >= filter.Min) && (filter.Max is null || n <= filter.Max), matching);
                break;
            case QueryFilterOperator.Exists when SegmentFormat.IsKeyword(filter.Field):
                AddField(generation, filter.Field, matching);
                break;
            case QueryFilterOperator.In:
                ImmutableArray<string> values = [.. filter.Values.Select(v => ProductFields.NormalizeValue(filter.Field, v)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
                AddColumn(generation, filter.Field, v => values.BinarySearch(v, StringComparer.Ordinal) >= 0, matching);
                break;
            case QueryFilterOperator.Range:
                AddColumn(generation, filter.Field, v => SpecificationNumber.TryParse(v, out var n) && (filter.Min is null || n >= filter.Min) && (filter.Max is null || n <= filter.Max), matching);
                break;
            default:
                AddColumn(generation, filter.Field, _ => true, matching);
                break;
        }

        Bits.And(bits, matching);
    }

    /// <summary>Adds the products that have the value.</summary>
    public static void AddValue(CatalogGeneration generation, string field, string value, Span<ulong> bits)
    {
        Span<byte> buffer = stackalloc byte[512];
        var utf8 = Encoding.UTF8.TryGetBytes(value, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(value);
        for (var s = 0; s < generation.Segments.Length; s++)
        {
            var keyword = generation.Segments[s].FindKeyword(field, utf8);
            if (keyword >= 0)
            {
                AddPostings(generation.Segments[s], keyword, generation.Base(s), bits);
            }
        }
    }

    /// <summary>Adds the products of one keyword value of a segment.</summary>
    public static void AddPostings(SegmentReader segment, int keyword, int firstOrdinal, Span<ulong> bits)
    {
        var source = segment.KeywordPostings(keyword);
        var ordinal = firstOrdinal - 1;
        for (var i = segment.KeywordProducts(keyword); i > 0; i--)
        {
            ordinal += (int)VarInt.Read(ref source);
            Bits.Set(bits, ordinal);
        }
    }

    private static void AddValues(CatalogGeneration generation, QueryFilter filter, Span<ulong> bits)
    {
        foreach (var value in filter.Values)
        {
            var normal = ProductFields.NormalizeValue(filter.Field, value);
            if (filter.Field != ProductFields.Category)
            {
                AddValue(generation, filter.Field, normal, bits);
                continue;
            }

            foreach (var form in ProductFields.CategoryForms(normal))
            {
                AddValue(generation, filter.Field, form, bits);
            }
        }
    }

    private static ulong[] Branch(CatalogGeneration generation, FilterBranch branch)
    {
        var bits = Bits.New(generation.Count);
        for (var level = DataAccessLevel.Public; level <= branch.Level; level++)
        {
            AddValue(generation, ProductFields.AccessLevel, Keyword.Normalize(level.ToString()), bits);
        }

        var allowed = Bits.New(generation.Count);
        AddValue(generation, ProductFields.AllowedGroups, GroupPolicy.Everyone, allowed);
        AddValue(generation, ProductFields.AllowedGroups, Keyword.Normalize(branch.GroupId), allowed);
        Bits.And(bits, allowed);
        foreach (var predicate in branch.Predicates)
        {
            Bits.And(bits, Predicate(generation, predicate));
        }

        return bits;
    }

    private static ulong[] Predicate(CatalogGeneration generation, FieldPredicate predicate)
    {
        var matching = Bits.New(generation.Count);
        switch (predicate.Operator)
        {
            case FilterOperator.Equals or FilterOperator.In:
                AddAny(generation, predicate.Field, predicate.Values, predicate.Contains, matching);
                break;
            case FilterOperator.NotIn:
                AddAll(generation, predicate.Field, matching);
                var listed = Bits.New(generation.Count);
                AddAny(generation, predicate.Field, predicate.Values, predicate.Contains, listed);
                Bits.AndNot(matching, listed);
                break;
            case FilterOperator.Lte when predicate is { Field: ProductFields.Price, Bound: not null }:
                AddPrices(generation, null, predicate.Bound, matching);
                break;
            case FilterOperator.Gte when predicate is { Field: ProductFields.Price, Bound: not null }:
                AddPrices(generation, predicate.Bound, null, matching);
                break;
            case FilterOperator.Lte or FilterOperator.Gte:
                AddAll(generation, predicate.Field, matching);
                var outside = Bits.New(generation.Count);
                AddMatching(generation, predicate.Field, v => !predicate.InBound(v), outside);
                Bits.AndNot(matching, outside);
                break;
            default:
                break;
        }

        return matching;
    }

    private static void AddAny(CatalogGeneration generation, string field, ImmutableArray<string> values, Func<string, bool> contains, Span<ulong> bits)
    {
        if (!SegmentFormat.IsKeyword(field))
        {
            AddColumn(generation, field, contains, bits);
            return;
        }

        foreach (var value in values)
        {
            AddValue(generation, field, value, bits);
        }
    }

    private static void AddAll(CatalogGeneration generation, string field, Span<ulong> bits)
    {
        if (SegmentFormat.IsKeyword(field))
        {
            AddField(generation, field, bits);
        }
        else
        {
            AddColumn(generation, field, _ => true, bits);
        }
    }

    private static void AddMatching(CatalogGeneration generation, string field, Func<string, bool> matches, Span<ulong> bits)
    {
        if (SegmentFormat.IsKeyword(field))
        {
            AddValues(generation, field, matches, bits);
        }
        else
        {
            AddColumn(generation, field, matches, bits);
        }
    }

    private static void AddField(CatalogGeneration generation, string field, Span<ulong> bits) => AddValues(generation, field, null, bits);

    private static void AddValues(CatalogGeneration generation, string field, Func<string, bool>? matches, Span<ulong> bits)
    {
        for (var s = 0; s < generation.Segments.Length; s++)
        {
            var segment = generation.Segments[s];
            if (!segment.KeywordFields.TryGetValue(field, out var range))
            {
                continue;
            }

            for (var keyword = range.First; keyword < range.End; keyword++)
            {
                if (matches is null || matches(segment.Keyword(keyword)))
                {
                    AddPostings(segment, keyword, generation.Base(s), bits);
                }
            }
        }
    }

    private static void AddPrices(CatalogGeneration generation, decimal? min, decimal? max, Span<ulong> bits)
    {
        var low = Scaled(min, decimal.Ceiling, SegmentFormat.NoPrice + 1);
        var high = Scaled(max, decimal.Floor, long.MaxValue);
        for (var s = 0; s < generation.Segments.Length; s++)
        {
            var prices = generation.Segments[s].Prices;
            for (var i = 0; i < prices.Length; i++)
            {
                if (prices[i] >= low && prices[i] <= high)
                {
                    Bits.Set(bits, generation.Base(s) + i);
                }
            }
        }
    }

    private static long Scaled(decimal? bound, Func<decimal, decimal> round, long otherwise) => bound switch
    {
        null => otherwise,
        > 900_000_000_000_000m => long.MaxValue,
        < -900_000_000_000_000m => SegmentFormat.NoPrice + 1,
        { } value => (long)round(value * SegmentFormat.PriceScale),
    };

    /// <summary>Id, price or rating by the text the oracle compares. O(products): for rules that name such a field value by value.</summary>
    private static void AddColumn(CatalogGeneration generation, string field, Func<string, bool> matches, Span<ulong> bits)
    {
        for (var s = 0; s < generation.Segments.Length; s++)
        {
            var segment = generation.Segments[s];
            for (var i = 0; i < segment.Count; i++)
            {
                if (ColumnText(segment, field, i) is { } text && matches(text))
                {
                    Bits.Set(bits, generation.Base(s) + i);
                }
            }
        }
    }

    private static string? ColumnText(SegmentReader segment, string field, int product) => field switch
    {
        ProductFields.Id => Keyword.Normalize(segment.Id(product)),
        ProductFields.Price when segment.Prices[product] != SegmentFormat.NoPrice => ProductFields.Number(segment.Prices[product] / SegmentFormat.PriceScale),
        ProductFields.Rating when !double.IsNaN(segment.Ratings[product]) => ProductFields.Number((decimal)segment.Ratings[product]),
        _ => null,
    };
}
