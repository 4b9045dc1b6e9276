using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Querying;
using AiPlatform.Search.Querying;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Embedded;

/// <summary>The reads over whatever catalogs are open: the live ones, or one generation that is not live yet.</summary>
internal sealed class EmbeddedIndex(ILiveCatalogs catalogs, ILogger logger) : ICatalogIndex
{
    public ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var visible = new List<CatalogInfo>();
        foreach (var name in catalogs.Names())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var read = CatalogRead.TryBegin(catalogs, scope, name);
            if (read is not null)
            {
                visible.Add(new CatalogInfo(name, read.View.Count, read.Generation.Number, read.Generation.Files.Info.EmbeddingModel));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<CatalogInfo>>(visible);
    }

    public async ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(catalogs, scope, query.Catalog);
        ReadOnlyMemory<float> vector = default;
        string? degraded = null;
        if (query.Mode != SearchMode.Lexical && query.Text.Length > 0 && read.Generation.Dimensions > 0)
        {
            (vector, degraded) = await EmbedAsync(read, query, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Guarded(read, query, (r, q) => new SearchRun(r, catalogs, scope, q).Run(vector.Span)) with { Degraded = degraded };
    }

    public ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(ids);
        QueryChecks.InRange("ids", ids.Count, CatalogLimits.Ids);
        using var read = CatalogRead.Begin(catalogs, scope, catalog);
        var products = new List<Product>(ids.Count);
        foreach (var id in ids)
        {
            var ordinal = read.View.Find(id);
            if (ordinal >= 0)
            {
                products.Add(read.Generation.Product(ordinal));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<Product>>(products);
    }

    public ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(catalogs, scope, query.Catalog);
        return ValueTask.FromResult(Guarded(read, query, (r, q) => SimilarRun.Run(r, catalogs.Options.Ranking, q)));
    }

    public ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(catalogs, scope, query.Catalog);
        return ValueTask.FromResult(Guarded(read, query, FacetRun.Run));
    }

    public ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(catalogs, scope, query.Catalog);
        return ValueTask.FromResult(FacetValueFinder.Find(read.View, query, cancellationToken));
    }

    public ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        QueryChecks.InRange("size", query.Size, CatalogLimits.Suggestions);
        QueryChecks.Length("prefix", query.Prefix);
        using var read = CatalogRead.Begin(catalogs, scope, query.Catalog);
        return ValueTask.FromResult(Suggester.Suggest(read.View, query.Prefix, query.Size));
    }

    private static TAnswer Guarded<TQuery, TAnswer>(CatalogRead read, TQuery query, Func<CatalogRead, TQuery, TAnswer> run)
    {
        try
        {
            return run(read, query);
        }
        catch
        {
            SearchScratch.Discard();
            throw;
        }
    }

    private async ValueTask<(ReadOnlyMemory<float> Vector, string? Degraded)> EmbedAsync(CatalogRead read, ProductQuery query, CancellationToken cancellationToken)
    {
        if (read.Live.Embedder is not { } embedder)
        {
            return (default, "embedding_model_not_configured");
        }

        try
        {
            return (await embedder.EmbedQueryAsync(query.Text, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Any failure of a remote model costs the vector leg only: words still answer, and the answer says so.
            Log.EmbeddingFailed(logger, query.Catalog, e);
            return (default, "vector_leg_unavailable");
        }
    }
}
