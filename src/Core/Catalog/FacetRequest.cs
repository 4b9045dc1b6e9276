namespace AiPlatform.Core.Catalog;

/// <summary>A count of the values of a field over everything that matches.</summary>
/// <param name="Field">Field name; canonicalised. <c>price</c> and <c>rating</c> are answered as minimum and maximum.</param>
/// <param name="Size">How many values, most frequent first; 1 to <see cref="CatalogLimits.FacetValues"/>.</param>
public sealed record FacetRequest(string Field, int Size = 10);
