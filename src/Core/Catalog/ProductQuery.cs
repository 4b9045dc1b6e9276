using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>A search. Bounded by <see cref="CatalogLimits"/>.</summary>
public sealed record ProductQuery
{
    /// <summary>The catalog to search.</summary>
    public required string Catalog { get; init; }

    /// <summary>What the person asks for. Empty: every visible product that passes the filters. Quotes make a phrase that must occur; <c>without X</c> takes X out of the search, lifts products that say so and lowers those named with X.</summary>
    public string Text { get; init; } = "";

    /// <summary>Filters, ANDed.</summary>
    public ImmutableArray<QueryFilter> Filters { get; init; } = [];

    /// <summary>Facets to count over all matches.</summary>
    public ImmutableArray<FacetRequest> Facets { get; init; } = [];

    /// <summary>Order of the results.</summary>
    public ProductSort Sort { get; init; }

    /// <summary>Legs to run. Default: both.</summary>
    public SearchMode Mode { get; init; }

    /// <summary>Results a page, 1 to <see cref="CatalogLimits.PageSize"/>. Default 10.</summary>
    public int PageSize { get; init; } = 10;

    /// <summary>The cursor of the page before; null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Whether to count all matches by words. Default true; a search by vectors alone has no total.</summary>
    public bool IncludeTotal { get; init; } = true;

    /// <summary>Whether hits carry the whole product or only its id. Default true.</summary>
    public bool IncludeProducts { get; init; } = true;

    /// <summary>Whether hits carry highlighted snippets. Default false.</summary>
    public bool IncludeHighlights { get; init; }
}
