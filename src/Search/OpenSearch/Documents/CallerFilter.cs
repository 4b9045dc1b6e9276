using System.Collections.Immutable;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>Executes a caller's own filter, whose field is canonical and whose shape has been checked. It narrows what the scope's filter lets through.</summary>
internal static class CallerFilter
{
    /// <summary>Writes one query.</summary>
    public static void Write(Utf8JsonWriter json, QueryFilter filter)
    {
        switch (filter.Operator)
        {
            case QueryFilterOperator.In:
                json.AnyOf(filter.Field, [.. filter.Values.SelectMany(v => Forms(filter.Field, v)).Distinct(StringComparer.Ordinal)]);
                break;
            case QueryFilterOperator.Range:
                json.NumbersIn(
                    filter.Min is { } min ? NumberTerm.Of(filter.Field, min) : NumberTerm.Lowest(filter.Field),
                    true,
                    filter.Max is { } max ? NumberTerm.Of(filter.Field, max) : NumberTerm.Highest(filter.Field),
                    toIncluded: true);
                break;
            default:
                json.Exists(filter.Field);
                break;
        }
    }

    private static ImmutableArray<string> Forms(string field, string value)
    {
        var normal = ProductFields.NormalizeValue(field, value);
        return field == ProductFields.Category ? ProductFields.CategoryForms(normal) : [normal];
    }
}
