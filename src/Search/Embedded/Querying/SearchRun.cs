using System.Buffers;
using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.Querying;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// One search: match words, take the vector leg, rank, cut the page. Both legs look only at the scope's bitmap, narrowed by the caller's
/// filters. O(postings of the terms in the view) for the words, see <see cref="VectorScanner"/> for the vectors.
/// </summary>
internal readonly struct SearchRun(CatalogRead read, ILiveCatalogs catalogs, AccessScope scope, ProductQuery query)
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
        var wanted = offset + query.PageSize + 1;
        var ranked = plan is not null && query.Sort == ProductSort.Relevance;
        int? total = ranked && query.Mode != SearchMode.Vector && query.Facets.IsEmpty && PrunedLexicalLeg.PaysFor(plan!)
            ? MatchBest(plan!, filter, wanted, scratch)
            : MatchAll(plan, filter, scratch);
        var facets = query.Facets.IsEmpty ? [] : Facets(scratch);
        var hits = ranked ? Ranked(scratch, plan!, vector, filter, wanted) : ColumnSort.Top(_generation, scratch, query.Sort, wanted);
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

    /// <summary>Matches everything; answers how many there are, when asked.</summary>
    private int? MatchAll(LexicalPlan? plan, ulong[] filter, SearchScratch scratch)
    {
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

        return query.IncludeTotal && (plan is null || query.Mode != SearchMode.Vector) ? scratch.MatchCount : null;
    }

    /// <summary>Matches at least what the page can show.</summary>
    private int? MatchBest(LexicalPlan plan, ulong[] filter, int wanted, SearchScratch scratch)
    {
        PrunedLexicalLeg.Match(plan, filter, Depth(wanted), scratch);
        return query.IncludeTotal ? PrunedLexicalLeg.Count(plan, filter, _generation.Count) : null;
    }

    /// <summary>Lexical candidates a page needs: the window, and the tail with room for what the vector leg brings up.</summary>
    private int Depth(int wanted) => Math.Max(catalogs.Options.Ranking.Window, wanted + catalogs.Options.Ranking.VectorWindow);

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
        var selected = TopSelector.Select(_generation, scratch, Depth(wanted));
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
                // Who asks for vectors alone wants the nearest, however far they are.
                var minCosine = query.Mode == SearchMode.Vector ? -1 : options.MinCosine;
                count = VectorLeg.Add(read, vector, filter, options, minCosine, features, candidates, lexical);
            }

            CandidateRanker.Rank(candidates.AsSpan(0, count), lexical, plan.TermCount, options.VectorShare(read.Live.Embedder, plan.TermCount), options);
            return WithTail(candidates.AsSpan(0, count), scratch.Keys.AsSpan(lexical, selected - lexical), wanted);
        }
        finally
        {
            ArrayPool<RankingCandidate>.Shared.Return(candidates);
        }
    }

    /// <summary>The ranked candidates, then the lexical matches behind the window in their own order; one that the vector leg already brought up is not repeated.</summary>
    private (int Ordinal, float Score)[] WithTail(ReadOnlySpan<RankingCandidate> ranked, ReadOnlySpan<ulong> tail, int wanted)
    {
        var hits = new (int, float)[Math.Min(ranked.Length + tail.Length, wanted)];
        var count = 0;
        HashSet<int>? risen = null;
        foreach (ref readonly var candidate in ranked[..Math.Min(ranked.Length, wanted)])
        {
            hits[count++] = (candidate.Handle, candidate.Final);
            if (candidate.Lexical == 0 && ranked.Length < wanted)
            {
                (risen ??= []).Add(candidate.Handle);
            }
        }

        foreach (var key in tail)
        {
            if (count == hits.Length)
            {
                break;
            }

            var ordinal = TopSelector.Ordinal(_generation, key);
            if (risen?.Contains(ordinal) != true)
            {
                hits[count++] = (ordinal, 0);
            }
        }

        return hits[..count];
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
