using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Querying;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Querying;
using AiPlatform.Search.Ranking;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch;

/// <summary>
/// Reads of the catalogs in an OpenSearch cluster. Every part of an answer comes from one concrete index, through the scope's filter; an index that vanished
/// because another generation was swapped in meanwhile is looked up again, once. Thread-safe.
/// </summary>
internal sealed class OpenSearchCatalogIndex(
    OpenSearchConnection connection, ILiveIndexes indexes, RankingOptions ranking, TimeProvider time, ILogger<OpenSearchCatalogIndex> logger) : ICatalogIndex
{
    private const int Views = 128;
    private readonly BoundedCache<string, ScopedIndex> _views = new(2 * Views);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var visible = new List<CatalogInfo>();
        foreach (var name in await indexes.NamesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await DescribeAsync(scope, name, cancellationToken).ConfigureAwait(false) is { } found)
            {
                visible.Add(found);
            }
        }

        return visible;
    }

    /// <summary>A catalog as a scope sees it; null when it sees nothing of it, or when the cluster is there and refuses this one index: closed, or gone.</summary>
    private async ValueTask<CatalogInfo?> DescribeAsync(AccessScope scope, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync<CatalogInfo?>(scope, name, async ask =>
            {
                if (ask.IsSystem)
                {
                    // This is how health is asked for: the cluster must answer, not this process's memory.
                    await ask.View.RecountAsync(cancellationToken).ConfigureAwait(false);
                }

                return new CatalogInfo(name, ask.View.Visible, ask.Index.Generation, ask.Index.EmbeddingModel);
            }, otherwise: () => null, cancellationToken).ConfigureAwait(false);
        }
        catch (OpenSearchException e) when (e.Code == OpenSearchErrors.Rejected)
        {
            // One broken catalog must not take the others along.
            Log.CatalogLeftOut(logger, name, e.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        return AskAsync(scope, query.Catalog, ask => SearchAsync(ask, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(ids);
        QueryChecks.InRange("ids", ids.Count, CatalogLimits.Ids);
        return AskAsync<IReadOnlyList<Product>>(scope, catalog, async ask =>
        {
            var products = await PageProducts.ReadAsync(ask.View, [.. ids.Distinct(StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false);
            return [.. ids.Where(products.ContainsKey).Select(id => products[id])];
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        return AskAsync(scope, query.Catalog, ask => SimilarSearch.RunAsync(ask, ranking, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        return AskAsync(scope, query.Catalog, ask => FacetSearch.RunAsync(ask, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        query = QueryChecks.Checked(query);
        return AskAsync(scope, query.Catalog, ask => FacetValueLookup.FindAsync(ask, query, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        QueryChecks.InRange("size", query.Size, CatalogLimits.Suggestions);
        QueryChecks.Length("prefix", query.Prefix);
        return AskAsync(scope, query.Catalog, ask => SuggestionLookup.SuggestAsync(ask.View, query, cancellationToken), cancellationToken);
    }

    private ValueTask<T> AskAsync<T>(AccessScope scope, string catalog, Func<CatalogAsk, ValueTask<T>> read, CancellationToken cancellationToken) =>
        AskAsync(scope, catalog, read, static () => throw CatalogAsk.Unknown(), cancellationToken);

    /// <summary>Reads from the live index; <paramref name="otherwise"/> answers where there is none or the scope sees nothing of it.</summary>
    private async ValueTask<T> AskAsync<T>(AccessScope scope, string catalog, Func<CatalogAsk, ValueTask<T>> read, Func<T> otherwise, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var filter = scope.ProductsIn(catalog, time.GetUtcNow());
            if (filter is { SeesEverything: false, Branches.IsEmpty: true } || await indexes.FindAsync(catalog, cancellationToken).ConfigureAwait(false) is not { } live)
            {
                return otherwise();
            }

            try
            {
                var view = View(live, scope.Fingerprint, filter);
                if (view.Visible < 0)
                {
                    await view.CountAsync([], cancellationToken).ConfigureAwait(false);
                }

                return view.Visible == 0 ? otherwise() : await read(new CatalogAsk(view, scope, live, filter.SeesEverything)).ConfigureAwait(false);
            }
            catch (OpenSearchException e) when (attempt == 1 && e.Status == 404)
            {
                // Between looking up the live index and asking it, a swap and its clean-up may have removed it.
                Log.IndexVanished(logger, catalog, live.Index);
                indexes.Forget(live);
            }
        }
    }

    private ScopedIndex View(LiveIndex live, string fingerprint, ProductFilter filter)
    {
        var key = $"{live.Index}\0{live.Generation}\0{fingerprint}";
        if (_views.TryGet(key, out var known))
        {
            return known!;
        }

        _views.Add(key, new ScopedIndex(live, filter, connection), 1);
        return _views.TryGet(key, out known) ? known! : new ScopedIndex(live, filter, connection);
    }

    private async ValueTask<ProductPage> SearchAsync(CatalogAsk ask, ProductQuery query, CancellationToken cancellationToken)
    {
        var (vector, degraded) = query.Mode != SearchMode.Lexical && query.Text.Length > 0 && ask.Index.Dimensions > 0
            ? await EmbedAsync(ask.Index, query, cancellationToken).ConfigureAwait(false)
            : (default, null);
        var search = new ProductSearch(ask, query, ranking);
        var page = await search.RunAsync(vector, cancellationToken).ConfigureAwait(false);
        if (search.VectorFailure is not { } failure)
        {
            return page with { Degraded = degraded };
        }

        Log.VectorLegFailed(logger, query.Catalog, failure);
        return page with { Degraded = "vector_leg_unavailable" };
    }

    private async ValueTask<(ReadOnlyMemory<float> Vector, string? Degraded)> EmbedAsync(LiveIndex live, ProductQuery query, CancellationToken cancellationToken)
    {
        if (live.Embedder is not { } embedder)
        {
            return (default, "embedding_model_not_configured");
        }

        try
        {
            var vector = await embedder.EmbedQueryAsync(query.Text, cancellationToken).ConfigureAwait(false);
            return vector.IsEmpty || vector.Length == live.Dimensions ? (vector, null) : (default, "vector_leg_unavailable");
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Any failure of a remote model costs the vector leg only: words still answer, and the answer says so.
            Log.QueryNotEmbedded(logger, query.Catalog, e);
            return (default, "vector_leg_unavailable");
        }
    }
}
