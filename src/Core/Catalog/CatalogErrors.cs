namespace AiPlatform.Core.Catalog;

/// <summary>The codes of <see cref="CatalogRequestException"/>. Stable: clients branch on them.</summary>
public static class CatalogErrors
{
    /// <summary>The catalog does not exist or the caller may not read it; the two are not told apart.</summary>
    public const string UnknownCatalog = "unknown_catalog";

    /// <summary>The cursor is malformed, was made for another caller's scope or another request, or its index generation is gone.</summary>
    public const string InvalidCursor = "invalid_cursor";

    /// <summary>The query text is too long or has too many terms.</summary>
    public const string QueryTooLong = "query_too_long";

    /// <summary>A filter is malformed or there are too many.</summary>
    public const string InvalidFilter = "invalid_filter";

    /// <summary>The page size, facet size or number of ids is out of range.</summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>The product does not exist or the caller may not see it; the two are not told apart.</summary>
    public const string NotFound = "not_found";
}
