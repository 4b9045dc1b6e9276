namespace AiPlatform.Core.Catalog;

/// <summary>What every engine refuses beyond, so that one request costs a bounded amount of work.</summary>
public static class CatalogLimits
{
    /// <summary>Characters of a catalog's name, all of them ASCII.</summary>
    public const int CatalogNameCharacters = 64;

    /// <summary>Bytes of a product's id in UTF-8; so no id has more characters either.</summary>
    public const int IdBytes = 512;

    /// <summary>Characters (code points) of a query text.</summary>
    public const int QueryCharacters = 1_000;

    /// <summary>Distinct terms of a query that are searched; later ones are ignored.</summary>
    public const int QueryTerms = 32;

    /// <summary>Results of one page.</summary>
    public const int PageSize = 200;

    /// <summary>How far paging reaches; beyond it the caller narrows the query.</summary>
    public const int PagingDepth = 10_000;

    /// <summary>Filters of one query (ANDed, no nesting).</summary>
    public const int Filters = 20;

    /// <summary>Values of one filter.</summary>
    public const int FilterValues = 100;

    /// <summary>Facets of one query.</summary>
    public const int Facets = 10;

    /// <summary>Values of one facet.</summary>
    public const int FacetValues = 100;

    /// <summary>Values of one field that a text finds: one more than a completion holds, so that a full one knows whether there are more.</summary>
    public const int FoundValues = 101;

    /// <summary>Ids of one look-up.</summary>
    public const int Ids = 100;

    /// <summary>Suggestions of one request.</summary>
    public const int Suggestions = 20;

    /// <summary>Products of one build that an index may refuse.</summary>
    public const int RefusedProducts = 1_000;
}
