namespace AiPlatform.Core.Catalog;

/// <summary>The order of results. Ties are broken by id; products without the value come last.</summary>
public enum ProductSort
{
    /// <summary>Best match first.</summary>
    Relevance = 0,

    /// <summary>Cheapest first.</summary>
    PriceAscending,

    /// <summary>Dearest first.</summary>
    PriceDescending,

    /// <summary>Best rated first, then most rated.</summary>
    Rating,

    /// <summary>Newest first.</summary>
    Newest,
}
