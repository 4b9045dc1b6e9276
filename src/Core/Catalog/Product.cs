using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Core.Catalog;

/// <summary>A product as the index holds it: the one shape every source is mapped to. Texts are data, never instructions.</summary>
public sealed record Product
{
    /// <summary>Unique in its catalog, 1 to 512 bytes of UTF-8, no control characters.</summary>
    public required string Id { get; init; }

    /// <summary>The name shown to people; not empty.</summary>
    public required string Name { get; init; }

    /// <summary>Free text; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Brand; empty when unknown.</summary>
    public string Brand { get; init; } = "";

    /// <summary>Category from the root to the leaf; may be empty.</summary>
    public ImmutableArray<string> CategoryPath { get; init; } = [];

    /// <summary>What kind of thing it is, usually the last category; may be empty.</summary>
    public string Class { get; init; } = "";

    /// <summary>Price in major units of <see cref="Currency"/>; null when unknown.</summary>
    public decimal? Price { get; init; }

    /// <summary>ISO 4217 code; empty when there is no price.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Whether it can be had.</summary>
    public Availability Availability { get; init; }

    /// <summary>Regions it is sold in; empty when not stated (a region filter then does not match).</summary>
    public ImmutableArray<string> Regions { get; init; } = [];

    /// <summary>Specifications by key, each with one or more values as text.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Specifications { get; init; } = EmptySpecifications;

    /// <summary>Average rating, 0 to 5; null when there is none.</summary>
    public double? Rating { get; init; }

    /// <summary>How many ratings the average is over.</summary>
    public int RatingCount { get; init; }

    /// <summary>When it was released or added; null when unknown. Orders "newest".</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Page of the product; empty when there is none.</summary>
    public string Url { get; init; } = "";

    /// <summary>Picture of the product; empty when there is none.</summary>
    public string ImageUrl { get; init; } = "";

    /// <summary>How sensitive the product is. Required: a source without it must state a default in its mapping.</summary>
    public required DataAccessLevel AccessLevel { get; init; }

    /// <summary>Groups that may see it, <c>everyone</c> for all. Empty: nobody.</summary>
    public required ImmutableArray<string> AllowedGroups { get; init; }

    /// <summary>Regions whose callers may not see it.</summary>
    public ImmutableArray<string> RestrictedRegions { get; init; } = [];

    /// <summary>No specifications, ordinal keys.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> EmptySpecifications { get; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>Public, for everyone, restricted nowhere: the only products the catalog's own embedding model may learn from.</summary>
    public bool IsVisibleToEveryone =>
        AccessLevel == DataAccessLevel.Public
        && RestrictedRegions.IsEmpty
        && AllowedGroups.Any(g => Keyword.Normalize(g) == GroupPolicy.Everyone);
}
