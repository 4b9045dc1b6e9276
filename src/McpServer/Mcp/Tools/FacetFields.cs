using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>The fields whose values a caller may count. Fields of the access rules are not among them: their values name other groups.</summary>
internal static class FacetFields
{
    private static readonly ImmutableArray<string> Allowed =
    [
        ProductFields.Brand, ProductFields.Class, ProductFields.Category, ProductFields.Price, ProductFields.Currency,
        ProductFields.Availability, ProductFields.Region, ProductFields.Rating,
    ];

    public const string Description =
        "brand, class, category, price, currency, availability, region, rating, or a specification as 'spec.NAME'. price and rating answer their smallest and largest value.";

    /// <summary>The facets asked for.</summary>
    public static ImmutableArray<FacetRequest> Read(ToolArguments arguments, string name, int size)
    {
        var fields = arguments.Texts(name, CatalogLimits.Facets, FilterArguments.MaxValueLength);
        return [.. fields.Select(f => FieldOf(arguments, name, f)).Distinct(StringComparer.Ordinal).Select(f => new FacetRequest(f, size))];
    }

    /// <summary>Whether a facet of an answer may be shown.</summary>
    public static bool IsShown(string field) => Allowed.Contains(field) || field.StartsWith(ProductFields.SpecificationPrefix, StringComparison.Ordinal);

    /// <summary>The field every product can have that a misspelt name was meant to be; null when none is within two letters, of short names one.</summary>
    public static string? Nearest(string name) =>
        Allowed.Select(f => (Field: f, Edits: EditDistance.Within(name, f, name.Length < 4 ? 1 : 2))).Where(f => f.Edits >= 0).OrderBy(f => f.Edits).Select(f => f.Field).FirstOrDefault();

    private static string FieldOf(ToolArguments arguments, string name, string written)
    {
        var field = ProductFields.Canonical(written);
        return IsShown(field)
            ? field
            : throw arguments.NotAmong(name, written, Allowed.Append("spec.NAME"));
    }
}
