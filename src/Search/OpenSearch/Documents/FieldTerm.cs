using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>Where a normal value of a canonical field stands in the index. One code for writing and for asking, so that the two cannot disagree.</summary>
/// <param name="Field">Keyword field of the index.</param>
/// <param name="Term">The term in it.</param>
internal readonly record struct FieldTerm(string Field, string Term)
{
    /// <summary>Between a specification's name and its value. <see cref="Keyword.Normalize"/> drops this character, so it stands in neither.</summary>
    public const char Separator = '\u001F';

    /// <summary>The index refuses terms of more than 32,766 bytes.</summary>
    private const int LongestBytes = 16_384;
    private const int KeptCharacters = 2_000;

    /// <summary>The term of a value.</summary>
    public static FieldTerm Of(string field, string value) => IsSpecification(field)
        ? new FieldTerm(IndexFields.Specifications, Bounded(SpecificationPrefix(field) + value))
        : new FieldTerm(IndexFields.Keyword(field), Bounded(value));

    /// <summary>What all terms of a specification start with.</summary>
    public static string SpecificationPrefix(string field) => Name(field) + Separator;

    /// <summary>The field's name without <c>spec.</c>.</summary>
    public static string Name(string field) => field[ProductFields.SpecificationPrefix.Length..];

    /// <summary>Whether the field is a specification.</summary>
    public static bool IsSpecification(string field) => field.StartsWith(ProductFields.SpecificationPrefix, StringComparison.Ordinal);

    /// <summary>A term that fits: one that is too long keeps its head and a digest of the whole, so that equal stays equal and different stays different.</summary>
    public static string Bounded(string term) => term.Length * 3 <= LongestBytes || Encoding.UTF8.GetByteCount(term) <= LongestBytes
        ? term
        : string.Concat(term.AsSpan(0, char.IsHighSurrogate(term[KeptCharacters - 1]) ? KeptCharacters - 1 : KeptCharacters), Separator.ToString(), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(term))));
}
