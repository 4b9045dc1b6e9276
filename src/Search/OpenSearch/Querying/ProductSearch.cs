using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.Querying;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>
/// One search. Ranked: both legs, total and facets in one request, ordered by the ranking of the embedded engine; what lies behind the ranked window comes from
/// a second one, in the order of the words. Otherwise one request in the order of a column. The products of the page are read last, by id.
/// </summary>
internal sealed class ProductSearch(CatalogAsk ask, ProductQuery query, RankingOptions ranking)
{
    private readonly ScopedIndex _view = ask.View;
    private readonly CursorCodec _cursors = new(ask.Index.CursorKey);

    /// <summary>Why the vector leg did not answer; null when it did or was not asked.</summary>
    public OpenSearchException? VectorFailure { get; private set; }

    public async ValueTask<ProductPage> RunAsync(ReadOnlyMemory<float> vector, CancellationToken cancellationToken)
    {
        var offset = query.Cursor is { Length: > 0 } cursor ? _cursors.Decode(ask.Scope, ask.Index.Generation, query, cursor) : 0;
        var plan = string.IsNullOrWhiteSpace(query.Text)
            ? null
            : await WordPlanner.PlanAsync(_view, QueryParser.Parse(query.Text, ask.Index.Analyzer), cancellationToken).ConfigureAwait(false);
        var match = new MatchQuery(_view, query.Filters, plan);
        var found = plan is not null && query.Sort == ProductSort.Relevance
            ? await RankedAsync(match, vector, offset, cancellationToken).ConfigureAwait(false)
            : await SortedAsync(match, offset, cancellationToken).ConfigureAwait(false);
        var next = offset + query.PageSize;
        return new ProductPage
        {
            Hits = await PageAsync(found.Hits, plan, cancellationToken).ConfigureAwait(false),
            Total = query.IncludeTotal && (plan is null || query.Mode != SearchMode.Vector) ? found.Total : null,
            Facets = found.Facets,
            NextCursor = found.More && next < CatalogLimits.PagingDepth ? _cursors.Encode(ask.Scope, ask.Index.Generation, query, next) : null,
            CorrectedText = plan?.CorrectedText,
            Generation = ask.Index.Generation,
        };
    }

    private async ValueTask<Found> RankedAsync(MatchQuery match, ReadOnlyMemory<float> vector, int offset, CancellationToken cancellationToken)
    {
        var searches = _view.Searches();
        var words = query.Mode == SearchMode.Vector || match.Plan!.Words.Length == 0 ? -1 : searches.Add(json => WriteLexical(json, match, withCodes: !vector.IsEmpty));
        var vectors = vector.IsEmpty ? -1 : searches.Add(json => VectorLeg.Write(json, match, vector.Span, ranking.VectorWindow));
        var candidates = new CandidateList();
        var (total, lexical) = (0, 0);
        ImmutableArray<Facet> facets = [];
        if (searches.Count > 0)
        {
            using var answer = await searches.SendAsync(_view.Connection, cancellationToken).ConfigureAwait(false);
            if (words >= 0)
            {
                candidates.AddLexical(answer[words], ask.Index, match.Plan!, Rotated(vector.Span));
                (total, lexical) = (SearchHits.Total(answer[words]), candidates.All.Count);
                facets = await FacetReader.ReadAsync(_view, query.Facets, answer[words], cancellationToken).ConfigureAwait(false);
            }

            AddVectors(answer, vectors, candidates);
        }

        if (words < 0)
        {
            facets = [.. query.Facets.Select(f => FacetReader.Empty(f.Field))];
        }

        CandidateRanker.Rank(CollectionsMarshal.AsSpan(candidates.All), lexical, match.Plan!.TermCount, ranking.VectorShare(ask.Index.Embedder, match.Plan.TermCount), ranking);
        return await CutAsync(match, candidates, lexical, offset, cancellationToken).ConfigureAwait(false) with { Total = total, Facets = facets };
    }

    private void AddVectors(MultiAnswer answer, int search, CandidateList candidates)
    {
        if (search < 0)
        {
            return;
        }

        VectorFailure = answer.Failure(search);
        if (VectorFailure is { Status: 404 } or { Status: 0 })
        {
            throw VectorFailure;
        }

        if (VectorFailure is null)
        {
            // Who asks for vectors alone wants the nearest, however far they are.
            candidates.AddVectors(answer[search], query.Mode == SearchMode.Vector ? -1 : ranking.MinCosine);
        }
    }

    /// <summary>The page out of the ranked candidates and what comes behind them.</summary>
    private async ValueTask<Found> CutAsync(MatchQuery match, CandidateList candidates, int lexical, int offset, CancellationToken cancellationToken)
    {
        var hits = new List<(string Id, double Score)>(query.PageSize + 1);
        var ranked = candidates.All;
        for (var i = offset; i < ranked.Count && hits.Count <= query.PageSize; i++)
        {
            hits.Add((candidates.Id(ranked[i]), ranked[i].Final));
        }

        if (hits.Count <= query.PageSize && lexical == ranking.Window)
        {
            // One that the vector leg brought up is not repeated behind the window: it is left out there, so that places stay where they are.
            var risen = ranked.Where(c => c.Lexical == 0).Select(c => candidates.Id(c)).ToList();
            var from = ranking.Window + Math.Max(0, offset - ranked.Count);
            hits.AddRange(await TailAsync(match with { Except = risen }, from, query.PageSize + 1 - hits.Count, cancellationToken).ConfigureAwait(false));
        }

        return new Found(hits, query.PageSize);
    }

    private async ValueTask<List<(string Id, double Score)>> TailAsync(MatchQuery match, int from, int size, CancellationToken cancellationToken)
    {
        var searches = _view.Searches();
        searches.Add(json =>
        {
            WritePlace(json, from, size);
            json.WriteBoolean("track_total_hits", false);
            json.WritePropertyName("query");
            match.Write(json, scored: true);
            WriteByScore(json);
            SearchJson.WriteFields(json);
        });
        using var answer = await searches.SendAsync(_view.Connection, cancellationToken).ConfigureAwait(false);
        return [.. SearchHits.All(answer[0]).Select(h => (SearchHits.Id(h), 0d))];
    }

    private void WriteLexical(Utf8JsonWriter json, MatchQuery match, bool withCodes)
    {
        WritePlace(json, 0, ranking.Window);
        json.WriteBoolean("track_total_hits", query.IncludeTotal);
        json.WritePropertyName("query");
        match.Write(json, scored: true);
        WriteByScore(json);
        if (withCodes)
        {
            SearchJson.WriteFields(json, ProductFields.Brand, ProductFields.Class, IndexFields.Parent, IndexFields.Codes);
        }
        else
        {
            SearchJson.WriteFields(json, ProductFields.Brand, ProductFields.Class, IndexFields.Parent);
        }

        FacetReader.Write(json, query.Facets);
    }

    private async ValueTask<Found> SortedAsync(MatchQuery match, int offset, CancellationToken cancellationToken)
    {
        if (match.Plan is { Words.Length: > 1 })
        {
            // Where the order is not relevance, one shared word must not put a product on the list.
            match = match with { Least = await BestCoveredAsync(match, cancellationToken).ConfigureAwait(false) };
        }

        var searches = _view.Searches();
        searches.Add(json =>
        {
            WritePlace(json, offset, query.PageSize + 1);
            json.WriteBoolean("track_total_hits", query.IncludeTotal);
            json.WritePropertyName("query");
            match.Write(json, scored: false);
            ProductOrder.Write(json, query.Sort);
            SearchJson.WriteFields(json);
            FacetReader.Write(json, query.Facets);
        });
        using var answer = await searches.SendAsync(_view.Connection, cancellationToken).ConfigureAwait(false);
        return new Found([.. SearchHits.All(answer[0]).Select(h => (SearchHits.Id(h), 0d))], query.PageSize)
        {
            Total = SearchHits.Total(answer[0]),
            Facets = await FacetReader.ReadAsync(_view, query.Facets, answer[0], cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>The most words that any match has.</summary>
    private async ValueTask<int> BestCoveredAsync(MatchQuery match, CancellationToken cancellationToken)
    {
        var searches = _view.Searches();
        for (var least = match.Plan!.Words.Length; least > 1; least--)
        {
            var covering = match with { Least = least };
            searches.Add(json =>
            {
                WritePlace(json, 0, 0);
                json.WriteNumber("track_total_hits", 1);
                json.WriteNumber("terminate_after", 1);
                json.WritePropertyName("query");
                covering.Write(json, scored: false);
            });
        }

        using var answer = await searches.SendAsync(_view.Connection, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < searches.Count; i++)
        {
            if (SearchHits.Total(answer[i]) > 0)
            {
                return match.Plan.Words.Length - i;
            }
        }

        return 1;
    }

    private async ValueTask<ImmutableArray<ProductHit>> PageAsync(List<(string Id, double Score)> hits, WordPlan? plan, CancellationToken cancellationToken)
    {
        var marked = query.IncludeHighlights && plan is not null ? plan.Words.Select(w => w.Term).ToHashSet(StringComparer.Ordinal) : null;
        if (!query.IncludeProducts && marked is null)
        {
            return [.. hits.Select(h => new ProductHit(h.Id, h.Score, null, []))];
        }

        var products = await PageProducts.ReadAsync(_view, [.. hits.Select(h => h.Id)], cancellationToken).ConfigureAwait(false);
        return
        [
            .. hits.Where(h => products.ContainsKey(h.Id)).Select(h => new ProductHit(
                h.Id,
                h.Score,
                query.IncludeProducts ? products[h.Id] : null,
                marked is null ? [] : Highlighter.Highlight(products[h.Id], ask.Index.Analyzer, marked))),
        ];
    }

    private static float[] Rotated(ReadOnlySpan<float> vector)
    {
        if (vector.IsEmpty)
        {
            return [];
        }

        var rotated = vector.ToArray();
        VectorRotation.For(rotated.Length).Apply(rotated);
        return rotated;
    }

    private static void WritePlace(Utf8JsonWriter json, int from, int size)
    {
        json.WriteNumber("from", from);
        json.WriteNumber("size", size);
    }

    private static void WriteByScore(Utf8JsonWriter json)
    {
        json.WriteStartArray("sort");
        SearchJson.WriteOrder(json, "_score", "desc");
        SearchJson.WriteOrder(json, IndexFields.Id, "asc");
        json.WriteEndArray();
    }

    /// <summary>The hits of a page and one more, where there is one.</summary>
    private sealed record Found
    {
        public Found(List<(string Id, double Score)> hits, int pageSize)
        {
            More = hits.Count > pageSize;
            Hits = hits.Count > pageSize ? hits[..pageSize] : hits;
        }

        public List<(string Id, double Score)> Hits { get; }

        public bool More { get; }

        public int Total { get; init; }

        public ImmutableArray<Facet> Facets { get; init; } = [];
    }
}
