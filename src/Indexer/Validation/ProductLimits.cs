using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Validation;

/// <summary>What a product is refused beyond, so that every product takes bounded memory in the index.</summary>
public static class ProductLimits
{
    /// <summary>Bytes of an id in UTF-8.</summary>
    public const int IdBytes = CatalogLimits.IdBytes;

    /// <summary>Characters of a name.</summary>
    public const int NameCharacters = 1_000;

    /// <summary>Bytes of a description in UTF-8: 32 KiB.</summary>
    public const int DescriptionBytes = 32 * 1024;

    /// <summary>Characters to which a description is cut when the mapping says so; never more than <see cref="DescriptionBytes"/> in UTF-8.</summary>
    public const int DescriptionCharacters = DescriptionBytes / 4;

    /// <summary>Characters of a brand, a class or one category level.</summary>
    public const int LabelCharacters = 300;

    /// <summary>Levels of a category path.</summary>
    public const int CategoryDepth = 10;

    /// <summary>Specifications of a product.</summary>
    public const int Specifications = 200;

    /// <summary>Values of one specification.</summary>
    public const int SpecificationValues = 50;

    /// <summary>Characters of a specification's key.</summary>
    public const int SpecificationKeyCharacters = 100;

    /// <summary>Characters of one specification value.</summary>
    public const int SpecificationCharacters = 500;

    /// <summary>Groups, regions or restricted regions of a product.</summary>
    public const int ListItems = 100;

    /// <summary>Characters of a group's or region's name.</summary>
    public const int KeywordCharacters = 64;

    /// <summary>Characters of a URL.</summary>
    public const int UrlCharacters = 2_048;

    /// <summary>The highest rating.</summary>
    public const double HighestRating = 5;

    /// <summary>The highest price.</summary>
    public const decimal HighestPrice = 1_000_000_000;

    /// <summary>Decimals of a price: what the index keeps exactly.</summary>
    public const int PriceDecimals = 4;
}
