using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Querying;

/// <summary>What an overview of facets holds, in every engine.</summary>
internal static class OverviewFacets
{
    /// <summary>The most frequent specifications that are shown.</summary>
    public const int Specifications = 20;

    /// <summary>Values of each field.</summary>
    public const int Values = 8;

    /// <summary>The fields that come first, where a product has a value.</summary>
    public static readonly string[] Common =
    [
        ProductFields.Category, ProductFields.Class, ProductFields.Brand, ProductFields.Price, ProductFields.Availability,
        ProductFields.Region, ProductFields.Rating, ProductFields.Currency,
    ];
}
