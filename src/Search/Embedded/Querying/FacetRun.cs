using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>The values that filters can take, over the visible products that match.</summary>
internal static class FacetRun
{
    public static FacetOverview Run(CatalogRead read, FacetQuery query)
    {
        var scratch = SearchScratch.For(read.Generation.Count);
        var filter = SearchRun.Filter(read.View, query.Filters);
        if (string.IsNullOrWhiteSpace(query.Text))
        {
            MatchSets.All(filter.Length == 0 ? read.View.Visible : filter, scratch);
        }
        else
        {
            var plan = LexicalPlanner.Plan(read.View, QueryParser.Parse(query.Text, read.Generation.Analyzer));
            LexicalLeg.Match(read.View, plan, filter, scratch);
        }

        var facets = query.Facets.IsEmpty ? Overview(read, scratch) : query.Facets.Select(f => FacetCounter.Count(read.View, scratch, f.Field, f.Size));
        return new FacetOverview(scratch.MatchCount, [.. facets], read.Generation.Number);
    }

    private static IEnumerable<Facet> Overview(CatalogRead read, SearchScratch scratch)
    {
        var matching = Bits.New(read.Generation.Count);
        foreach (var ordinal in scratch.Matches.AsSpan(0, scratch.MatchCount))
        {
            Bits.Set(matching, ordinal);
        }

        var common = OverviewFacets.Common.Select(f => FacetCounter.Count(read.View, scratch, f, OverviewFacets.Values)).Where(f => f.DistinctValues > 0 || f.Min is not null).ToImmutableArray();
        var specifications = SpecificationFields(read.Generation)
            .Select(f => (Field: f, Products: Products(read.Generation, f, matching)))
            .Where(f => f.Products > 0)
            .OrderByDescending(f => f.Products)
            .ThenBy(f => f.Field, StringComparer.Ordinal)
            .Take(OverviewFacets.Specifications)
            .Select(f => FacetCounter.Count(read.View, scratch, f.Field, OverviewFacets.Values));
        return common.Concat(specifications);
    }

    /// <summary>The specifications of all products, hidden ones included: count before you show.</summary>
    public static SortedSet<string> SpecificationFields(CatalogGeneration generation)
    {
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var segment in generation.Segments)
        {
            fields.UnionWith(segment.KeywordFields.Keys.Where(k => k.StartsWith(ProductFields.SpecificationPrefix, StringComparison.Ordinal)));
        }

        return fields;
    }

    /// <summary>How many of the given products have the field.</summary>
    public static int Products(CatalogGeneration generation, string field, ReadOnlySpan<ulong> among)
    {
        var having = Bits.New(generation.Count);
        for (var s = 0; s < generation.Segments.Length; s++)
        {
            if (generation.Segments[s].KeywordFields.TryGetValue(field, out var range))
            {
                for (var keyword = range.First; keyword < range.End; keyword++)
                {
                    FilterBitmaps.AddPostings(generation.Segments[s], keyword, generation.Base(s), having);
                }
            }
        }

        Bits.And(having, among);
        return Bits.Count(having);
    }
}
