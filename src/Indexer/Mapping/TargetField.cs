namespace AiPlatform.Indexer.Mapping;

/// <summary>The product fields a mapping fills. Specifications have a section of their own.</summary>
public enum TargetField
{
    /// <summary>The id.</summary>
    Id = 0,

    /// <summary>The name.</summary>
    Name,

    /// <summary>The description.</summary>
    Description,

    /// <summary>The brand.</summary>
    Brand,

    /// <summary>The category path, root first.</summary>
    CategoryPath,

    /// <summary>The class.</summary>
    Class,

    /// <summary>The price.</summary>
    Price,

    /// <summary>The currency of the price.</summary>
    Currency,

    /// <summary>The availability.</summary>
    Availability,

    /// <summary>Regions it is sold in.</summary>
    Regions,

    /// <summary>The average rating.</summary>
    Rating,

    /// <summary>How many ratings the average is over.</summary>
    RatingCount,

    /// <summary>When it was released.</summary>
    ReleasedAt,

    /// <summary>Its page.</summary>
    Url,

    /// <summary>Its picture.</summary>
    ImageUrl,

    /// <summary>How sensitive it is.</summary>
    AccessLevel,

    /// <summary>Groups that may see it.</summary>
    AllowedGroups,

    /// <summary>Regions whose callers may not see it.</summary>
    RestrictedRegions,
}
