using AiPlatform.Core.Access;

namespace AiPlatform.Core.Catalog;

/// <summary>
/// Reads of the product index: the one contract of the embedded engine and of OpenSearch. Every answer holds only what the scope sees,
/// totals and counts included; a catalog or product out of sight is answered exactly as a missing one. Thread-safe.
/// </summary>
public interface ICatalogIndex
{
    /// <summary>The catalogs in which the scope sees at least one product, by name.</summary>
    ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken);

    /// <summary>Searches.</summary>
    /// <exception cref="CatalogRequestException">The request is out of bounds, its cursor is not usable, or the catalog is unknown.</exception>
    ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken);

    /// <summary>Products by id, in the order asked for; the ones missing or out of sight are left out.</summary>
    /// <exception cref="CatalogRequestException">Too many ids, or the catalog is unknown.</exception>
    ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Products like a given one, best first, without it.</summary>
    /// <exception cref="CatalogRequestException">The product is missing or out of sight (<see cref="CatalogErrors.NotFound"/>), or the request is out of bounds.</exception>
    ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken);

    /// <summary>The values that filters can take.</summary>
    /// <exception cref="CatalogRequestException">The request is out of bounds, or the catalog is unknown.</exception>
    ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The values of one field that match a text, among all visible products: the exact one, those that start with it, those with a word that
    /// does, those that contain it, those that differ by one or two letters (fewest first); among equals the most frequent first, then by value.
    /// The field <see cref="ProductFields.Id"/> answers the ids that start with the text, letter by letter as written, in the order of their bytes.
    /// </summary>
    /// <exception cref="CatalogRequestException">The request is out of bounds, the field has no values to find, or the catalog is unknown.</exception>
    ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken);

    /// <summary>Completions of what is being typed; each finds at least one visible product.</summary>
    /// <exception cref="CatalogRequestException">The request is out of bounds, or the catalog is unknown.</exception>
    ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken);
}
