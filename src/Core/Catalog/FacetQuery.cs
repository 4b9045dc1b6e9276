using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>A question for the values that filters can take.</summary>
public sealed record FacetQuery
{
    /// <summary>The catalog.</summary>
    public required string Catalog { get; init; }

    /// <summary>Facets to count; empty for an overview of all fields with their most frequent values.</summary>
    public ImmutableArray<FacetRequest> Facets { get; init; } = [];

    /// <summary>Count only among products matching these filters.</summary>
    public ImmutableArray<QueryFilter> Filters { get; init; } = [];

    /// <summary>Count only among products matching this text; empty for all.</summary>
    public string Text { get; init; } = "";
}
