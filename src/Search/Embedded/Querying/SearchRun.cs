using System.Buffers;
using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// One search: match words, take the vector leg, rank, cut the page. Both legs look only at the scope's bitmap, narrowed by the caller's
/// filters. O(postings of the terms in the view) for the words, see <see cref="VectorScanner"/> for the vectors.
/// </summary>
internal readonly struct SearchRun(CatalogRead read, OpenCatalogs catalogs, AccessScope scope, ProductQuery query)
{
    private readonly ScopeView _view = read.View;
    private readonly CatalogGeneration _generation = read.Generation;

    public ProductPage Run(ReadOnlySpan<float> vector)
    {
        var offset = query.Cursor is { Length: > 0 } cursor
            ? new CursorCodec(catalogs.CursorKey).Decode(scope, _generation.Number, query, cursor)
            : 0;
        var filter = Filter(_view, query.Filters);
        var scratch = SearchScratch.For(_generation.Count);
        var browse = string.IsNullOrWhiteSpace(query.Text);
        var plan = browse ? null : LexicalPlanner.Plan(_view, QueryParser.Parse(query.Text, _generation.Analyzer));
        if (plan is null)
        {
            MatchSets.All(filter.Length == 0 ? _view.Visible : filter, scratch);
        }
        else if (query.Mode != SearchMode.Vector)
        {
            LexicalLeg.Match(_view, plan, filter, scratch);
        }

        if (plan is not null && query.Sort != ProductSort.Relevance)
        {
            MatchSets.KeepBestCovered(plan, scratch);
        }

        var facets = query.Facets.IsEmpty ? [] : Facets(scratch);
        int? total = query.IncludeTotal ? scratch.MatchCount : null;
        var wanted = offset + query.PageSize + 1;
        var hits = plan is not null && query.Sort == ProductSort.Relevance
            ? Ranked(scratch, plan, vector, filter, wanted)
            : ColumnSort.Top(_generation, scratch, query.Sort, wanted);
        return new ProductPage
        {
            Hits = Page(hits, offset, plan),
            Total = total,
            Facets = facets,
            NextCursor = hits.Length > offset + query.PageSize && offset + query.PageSize < CatalogLimits.PagingDepth
                ? new CursorCodec(catalogs.CursorKey).Encode(scope, _generation.Number, query, offset + query.PageSize)
                : null,
            CorrectedText = plan?.CorrectedText,
            Generation = _generation.Number,
        };
    }

    /// <summary>The view's bitmap narrowed by the caller's filters; empty when there are none.</summary>
    public static ulong[] Filter(ScopeView view, ImmutableArray<QueryFilter> filters)
    {
        if (filters.IsEmpty)
        {
            return [];
        }

        ulong[] bits = [.. view.Visible];
        foreach (var filter in filters)
        {
            FilterBitmaps.Narrow(view.Generation, filter, bits);
        }

        return bits;
    }

    private ImmutableArray<Facet> Facets(SearchScratch scratch)
    {
        var facets = ImmutableArray.CreateBuilder<Facet>(query.Facets.Length);
        foreach (var facet in query.Facets)
        {
            facets.Add(FacetCounter.Count(_view, scratch, facet.Field, facet.Size));
        }

        return facets.MoveToImmutable();
    }

    private (int Ordinal, float Score)[] Ranked(SearchScratch scratch, LexicalPlan plan, ReadOnlySpan<float> vector, ulong[] filter, int wanted)
    {
        var options = catalogs.Options.Ranking;
        var selected = TopSelector.Select(_generation, scratch, Math.Max(options.Window, wanted));
        var lexical = Math.Min(selected, options.Window);
        var candidates = ArrayPool<RankingCandidate>.Shared.Rent(lexical + options.VectorWindow);
        try
        {
            var features = new CandidateFeatures(read.Live, _view, plan);
            for (var i = 0; i < lexical; i++)
            {
                var key = scratch.Keys[i];
                candidates[i] = features.Of(TopSelector.Ordinal(_generation, key), TopSelector.Score(key));
            }

            var count = lexical;
            if (!vector.IsEmpty && query.Mode != SearchMode.Lexical)
            {
                count = VectorLeg.Add(read, vector, filter, options, features, candidates, lexical);
            }

            CandidateRanker.Rank(candidates.AsSpan(0, count), lexical, plan.TermCount, options);
            // Room for the tail's repeats of what the vector leg found: without them a page would come short and paging end early.
            var hits = new (int, float)[Math.Min(count + selected - lexical, wanted + count - lexical)];
            for (var i = 0; i < hits.Length; i++)
            {
                hits[i] = i < count
                    ? (candidates[i].Handle, candidates[i].Final)
                    : (TopSelector.Ordinal(_generation, scratch.Keys[lexical + i - count]), 0);
            }

            return Distinct(hits, count, lexical, wanted);
        }
        finally
        {
            ArrayPool<RankingCandidate>.Shared.Return(candidates);
        }
    }

    /// <summary>A product that the vector leg found may stand again in the lexical tail: the first place counts.</summary>
    private static (int Ordinal, float Score)[] Distinct((int Ordinal, float Score)[] hits, int ranked, int lexical, int wanted)
    {
        if (ranked != lexical && hits.Length > ranked)
        {
            var seen = new HashSet<int>();
            hits = Array.FindAll(hits, h => seen.Add(h.Ordinal));
        }

        return hits.Length > wanted ? hits[..wanted] : hits;
    }

    private ImmutableArray<ProductHit> Page((int Ordinal, float Score)[] hits, int offset, LexicalPlan? plan)
    {
        var count = Math.Clamp(hits.Length - offset, 0, query.PageSize);
        var page = new ProductHit[count];
        HashSet<string>? terms = query.IncludeHighlights && plan is not null ? [.. plan.Terms.Select(t => t.Term)] : null;
        for (var i = 0; i < count; i++)
        {
            var (ordinal, score) = hits[offset + i];
            var product = query.IncludeProducts || terms is not null ? _generation.Product(ordinal) : null;
            page[i] = new ProductHit(
                product?.Id ?? _generation.Id(ordinal),
                score,
                query.IncludeProducts ? product : null,
                terms is null ? [] : Highlighter.Highlight(product!, _generation.Analyzer, terms));
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(page);
    }
}
