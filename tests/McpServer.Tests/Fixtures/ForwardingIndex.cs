using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>An index that hands everything on, for tests that change one answer.</summary>
internal abstract class ForwardingIndex : ICatalogIndex
{
    private ICatalogIndex? _inner;

    public ICatalogIndex Inner
    {
        get => _inner ?? throw new InvalidOperationException("No index yet.");
        set => _inner = value;
    }

    public virtual ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken) => Inner.ListCatalogsAsync(scope, cancellationToken);

    public virtual ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken) => Inner.SearchAsync(scope, query, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Inner.GetAsync(scope, catalog, ids, cancellationToken);

    public virtual ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken) => Inner.FindSimilarAsync(scope, query, cancellationToken);

    public virtual ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken) => Inner.ListFacetsAsync(scope, query, cancellationToken);

    public virtual ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken) =>
        Inner.FindFacetValuesAsync(scope, query, cancellationToken);

    public virtual ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken) => Inner.SuggestAsync(scope, query, cancellationToken);
}
