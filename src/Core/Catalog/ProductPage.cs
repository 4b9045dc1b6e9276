using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>One page of results.</summary>
public sealed record ProductPage
{
    /// <summary>The results in order.</summary>
    public required ImmutableArray<ProductHit> Hits { get; init; }

    /// <summary>How many visible products match by words and filters in all; a hybrid answer may list more that only the vectors found. Null when not asked for and for a search by vectors alone.</summary>
    public int? Total { get; init; }

    /// <summary>The facets, in the order asked for.</summary>
    public ImmutableArray<Facet> Facets { get; init; } = [];

    /// <summary>Cursor of the next page; null on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>The query as it was understood, when spelling was corrected; otherwise null.</summary>
    public string? CorrectedText { get; init; }

    /// <summary>Why the answer is less than asked for, such as <c>vector_leg_unavailable</c>; null when it is whole.</summary>
    public string? Degraded { get; init; }

    /// <summary>Number of the index generation that answered; part of every cache key.</summary>
    public required long Generation { get; init; }
}
