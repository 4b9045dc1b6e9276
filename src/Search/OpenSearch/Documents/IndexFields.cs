using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>The fields of an indexed product, as <c>opensearch/index-template.json</c> declares them.</summary>
internal static class IndexFields
{
    /// <summary>The id as written; unique, and the last word in every order.</summary>
    public const string Id = "id";

    /// <summary>Terms with their weighted frequencies: what the lexical leg scores.</summary>
    public const string SearchText = "searchText";

    /// <summary>Terms of all texts in their order, for phrases; fields lie a gap apart.</summary>
    public const string PhraseText = "phraseText";

    /// <summary>Terms of name and class.</summary>
    public const string NameText = "nameText";

    /// <summary>Whole words of name, brand and class, for suggestions and spelling.</summary>
    public const string Words = "words";

    /// <summary>The category above the leaf, for ranking.</summary>
    public const string Parent = "parent";

    /// <summary>The price in ten-thousandths.</summary>
    public const string Price = "price";

    /// <summary>The rating as a number.</summary>
    public const string Rating = "rating";

    /// <summary>How many ratings.</summary>
    public const string RatingCount = "ratingCount";

    /// <summary>When it was released, in ticks.</summary>
    public const string Released = "released";

    /// <summary>Specifications, <c>key</c> and value joined by <see cref="FieldTerm.Separator"/>.</summary>
    public const string Specifications = "specs";

    /// <summary>Names of the specifications that have a value.</summary>
    public const string SpecificationNames = "specNames";

    /// <summary>Every value that is a number, by field, in an order-keeping form; see <see cref="NumberTerm"/>.</summary>
    public const string Numbers = "numbers";

    /// <summary>The access level as a number.</summary>
    public const string AccessLevel = "accessLevel";

    /// <summary>Groups that may see it.</summary>
    public const string AllowedGroups = "allowedGroups";

    /// <summary>Regions whose callers may not see it.</summary>
    public const string RestrictedRegions = "restrictedRegions";

    /// <summary>True where any restriction was written, also one that names no region.</summary>
    public const string Restricted = "restricted";

    /// <summary>The vector, for the k-NN leg.</summary>
    public const string Embedding = "embedding";

    /// <summary>The vector in bytes, for the cosine of what the words found.</summary>
    public const string Codes = "codes";

    /// <summary>Whether there is a vector.</summary>
    public const string HasVector = "hasVector";

    /// <summary>The product as it is answered.</summary>
    public const string Product = "product";

    /// <summary>Digest of everything in the product.</summary>
    public const string ContentHash = "contentHash";

    /// <summary>Digest of what was embedded.</summary>
    public const string EmbeddingHash = "embeddingHash";

    /// <summary>The source's version.</summary>
    public const string Version = "version";

    /// <summary>The keyword field of a canonical field that is no specification.</summary>
    public static string Keyword(string field) => field switch
    {
        ProductFields.Id => "idKey",
        ProductFields.Price => "priceKey",
        ProductFields.Rating => "ratingKey",
        ProductFields.AccessLevel => "accessLevelKey",
        ProductFields.AllowedGroups => AllowedGroups,
        ProductFields.RestrictedRegions => RestrictedRegions,
        ProductFields.Brand or ProductFields.Class or ProductFields.Category or ProductFields.Currency or ProductFields.Availability or ProductFields.Region => field,
        _ => throw new ArgumentException($"'{field}' is no field of every product.", nameof(field)),
    };
}
