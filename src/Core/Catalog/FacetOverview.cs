using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>Facets over the visible products that match.</summary>
/// <param name="Total">How many visible products match.</param>
/// <param name="Facets">The facets.</param>
/// <param name="Generation">Number of the index generation that answered.</param>
public sealed record FacetOverview(int Total, ImmutableArray<Facet> Facets, long Generation);
