using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>A real index that answers wrongly where told.</summary>
internal sealed class LyingIndex(ICatalogIndex index) : ICatalogIndex
{
    /// <summary>Changes what is asked for by whom.</summary>
    public Func<AccessScope, AccessScope> As { get; init; } = s => s;

    public Func<Product, Product> Change { get; init; } = p => p;

    public Func<CatalogInfo, CatalogInfo> List { get; init; } = c => c;

    public Func<ProductPage, ProductPage> Page { get; init; } = p => p;

    public async ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken) =>
        [.. (await index.ListCatalogsAsync(scope, cancellationToken)).Select(List)];

    public async ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken) => Page(await index.SearchAsync(scope, query, cancellationToken));

    public async ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        [.. (await index.GetAsync(As(scope), catalog, ids, cancellationToken)).Select(Change)];

    public ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken) => index.FindSimilarAsync(scope, query, cancellationToken);

    public ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken) => index.ListFacetsAsync(scope, query, cancellationToken);

    public ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken) => index.FindFacetValuesAsync(scope, query, cancellationToken);

    public ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken) => index.SuggestAsync(scope, query, cancellationToken);
}
