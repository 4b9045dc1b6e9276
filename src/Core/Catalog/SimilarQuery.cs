using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>A search for products like a given one, which the scope must see.</summary>
public sealed record SimilarQuery
{
    /// <summary>The catalog.</summary>
    public required string Catalog { get; init; }

    /// <summary>The product to compare with.</summary>
    public required string Id { get; init; }

    /// <summary>Filters, ANDed.</summary>
    public ImmutableArray<QueryFilter> Filters { get; init; } = [];

    /// <summary>How many, 1 to <see cref="CatalogLimits.PageSize"/>. Default 10.</summary>
    public int Size { get; init; } = 10;
}
