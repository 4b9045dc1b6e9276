using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.Querying;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Products like a visible one: nearest vectors, or shared words where there are no vectors; the same class and category count for it.</summary>
internal static class SimilarRun
{
    private const float SameClass = .08f;
    private const float SameParent = .04f;
    private const int Pool = 3;
    private const int WordsOfText = 24;

    public static ProductPage Run(CatalogRead read, RankingOptions options, SimilarQuery query)
    {
        var ordinal = read.View.Find(query.Id);
        if (ordinal < 0)
        {
            throw new CatalogRequestException(CatalogErrors.NotFound, "id", "There is no product of this id. Take ids from search results.");
        }

        var filter = SearchRun.Filter(read.View, query.Filters);
        var (segment, product) = read.Generation.Locate(ordinal);
        var candidates = read.Generation.Dimensions > 0 && segment.VectorScale(product) > 0
            ? ByVector(read, ordinal, filter, query.Size)
            : ByWords(read, options, ordinal, filter, query.Size);
        var hits = candidates
            .Where(c => c.Ordinal != ordinal)
            .Select(c => (c.Ordinal, Score: c.Score + Affinity(read.Generation, ordinal, c.Ordinal)))
            .OrderByDescending(c => c.Score)
            .ThenBy(c => read.Generation.IdRanks[c.Ordinal])
            .Take(query.Size)
            .Select(c => new ProductHit(read.Generation.Id(c.Ordinal), c.Score, read.Generation.Product(c.Ordinal), []));
        return new ProductPage { Hits = [.. hits], Generation = read.Generation.Number };
    }

    private static float Affinity(CatalogGeneration generation, int one, int other) =>
        (Same(generation.Classes, one, other) ? SameClass : 0) + (Same(generation.Parents, one, other) ? SameParent : 0);

    private static bool Same(ValueColumn column, int one, int other) =>
        column.Numbers[one] >= 0 && column.Numbers[one] == column.Numbers[other];

    private static ScoredOrdinal[] ByVector(CatalogRead read, int ordinal, ulong[] filter, int size)
    {
        var (segment, product) = read.Generation.Locate(ordinal);
        var vector = new float[read.Generation.Dimensions];
        VectorQuantizer.Dequantize(segment.VectorCodes(product), segment.VectorScale(product), vector);
        var nearest = new ScoredOrdinal[(size * Pool) + 1];
        var allowed = filter.Length == 0 ? read.View.Visible : filter;
        var found = VectorScanner.Search(
            read.Live.Vectors, read.Generation.Dimensions, vector, allowed, Bits.Count(allowed), nearest.Length, VectorScanOptions.Default, nearest);
        return nearest[..found];
    }

    private static ScoredOrdinal[] ByWords(CatalogRead read, RankingOptions options, int ordinal, ulong[] filter, int size)
    {
        var source = read.Generation.Product(ordinal);
        var text = string.Join(' ', $"{source.Name} {source.Class}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(WordsOfText));
        var plan = LexicalPlanner.Plan(read.View, QueryParser.Parse(text.Replace('"', ' '), read.Generation.Analyzer));
        var scratch = SearchScratch.For(read.Generation.Count);
        LexicalLeg.Match(read.View, plan, filter, scratch);
        var selected = TopSelector.Select(read.Generation, scratch, Math.Max(options.Window, (size * Pool) + 1));
        var best = selected == 0 ? 1 : TopSelector.Score(scratch.Keys[0]);
        return [.. scratch.Keys.Take(selected).Select(k => new ScoredOrdinal(TopSelector.Ordinal(read.Generation, k), TopSelector.Score(k) / best))];
    }
}
