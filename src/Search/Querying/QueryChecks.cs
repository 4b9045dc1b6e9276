using System.Collections.Immutable;
using System.Globalization;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Querying;

/// <summary>Refuses requests beyond <see cref="CatalogLimits"/> and brings field names into canonical form.</summary>
internal static class QueryChecks
{
    /// <summary>UTF-16 units of a field's name: a specification of 200 characters, of two units at most, after its prefix.</summary>
    private const int MaxField = 405;

    public static ProductQuery Checked(ProductQuery query)
    {
        InRange("page_size", query.PageSize, CatalogLimits.PageSize);
        Length("query", query.Text);
        if (query.Mode == SearchMode.Vector && (query.Sort != ProductSort.Relevance || !query.Facets.IsDefaultOrEmpty) && query.Text.Length > 0)
        {
            throw new CatalogRequestException(CatalogErrors.OutOfRange, "mode", "A search by vectors alone has no set of matches to sort or to count. Leave sort and facets out, or search by words.");
        }

        var facets = Facets(query.Facets);
        return query with { Filters = Filters(query.Filters), Facets = facets };
    }

    public static SimilarQuery Checked(SimilarQuery query)
    {
        InRange("size", query.Size, CatalogLimits.PageSize);
        return query with { Filters = Filters(query.Filters) };
    }

    public static FacetQuery Checked(FacetQuery query)
    {
        Length("query", query.Text);
        return query with { Filters = Filters(query.Filters), Facets = Facets(query.Facets) };
    }

    public static FacetValueQuery Checked(FacetValueQuery query)
    {
        InRange("size", query.Size, CatalogLimits.FoundValues);
        Length("text", query.Text);
        if (query.Field is null)
        {
            return query;
        }

        var field = Field(query.Field, "field");
        return HasValues(field)
            ? query with { Field = field }
            : throw new CatalogRequestException(CatalogErrors.InvalidFilter, "field", $"The field '{field}' has no values to find. Filter on it by number.");
    }

    public static void Length(string argument, string text)
    {
        if (text.Length > CatalogLimits.QueryCharacters && text.EnumerateRunes().Count() is var characters and > CatalogLimits.QueryCharacters)
        {
            throw new CatalogRequestException(CatalogErrors.QueryTooLong, argument, $"The text has {characters} characters; at most {CatalogLimits.QueryCharacters} are searched. Shorten it to the words that matter.");
        }
    }

    public static void InRange(string argument, int value, int max)
    {
        if (value < 1 || value > max)
        {
            throw new CatalogRequestException(CatalogErrors.OutOfRange, argument, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range: give 1 to {max}."));
        }
    }

    private static ImmutableArray<FacetRequest> Facets(ImmutableArray<FacetRequest> facets)
    {
        if (facets.IsDefaultOrEmpty)
        {
            return [];
        }

        if (facets.Length > CatalogLimits.Facets)
        {
            throw new CatalogRequestException(CatalogErrors.OutOfRange, "facets", $"At most {CatalogLimits.Facets} facets can be asked for at once.");
        }

        foreach (var facet in facets)
        {
            InRange("facets.size", facet.Size, CatalogLimits.FacetValues);
        }

        return [.. facets.Select(f => f with { Field = Field(f.Field, "facets") }).DistinctBy(f => f.Field)];
    }

    private static ImmutableArray<QueryFilter> Filters(ImmutableArray<QueryFilter> filters)
    {
        if (filters.IsDefaultOrEmpty)
        {
            return [];
        }

        if (filters.Length > CatalogLimits.Filters)
        {
            throw new CatalogRequestException(CatalogErrors.InvalidFilter, "filters", $"At most {CatalogLimits.Filters} filters can be combined.");
        }

        return [.. filters.Select(Checked)];
    }

    private static QueryFilter Checked(QueryFilter filter)
    {
        var field = Field(filter.Field, "filters");
        switch (filter.Operator)
        {
            case QueryFilterOperator.In when filter.Values.IsDefaultOrEmpty || filter.Values.Length > CatalogLimits.FilterValues:
                throw new CatalogRequestException(CatalogErrors.InvalidFilter, field, $"A filter on '{field}' needs 1 to {CatalogLimits.FilterValues} values.");
            case QueryFilterOperator.Range when filter.Min is null && filter.Max is null:
                throw new CatalogRequestException(CatalogErrors.InvalidFilter, field, $"A range on '{field}' needs a minimum, a maximum or both.");
            case QueryFilterOperator.Range when filter.Min > filter.Max:
                throw new CatalogRequestException(CatalogErrors.InvalidFilter, field, $"The range on '{field}' has a minimum above its maximum.");
            case QueryFilterOperator.In or QueryFilterOperator.Range or QueryFilterOperator.Exists:
                return filter with { Field = field };
            default:
                throw new CatalogRequestException(CatalogErrors.InvalidFilter, field, $"The filter on '{field}' has an unknown operator.");
        }
    }

    /// <summary>Who may see a product is not for callers to query: those fields are refused like a name that is no field.</summary>
    private static string Field(string name, string argument)
    {
        var field = name.Length is > 0 and <= MaxField ? ProductFields.Canonical(name) : "";
        return field is "" or ProductFields.AccessLevel or ProductFields.AllowedGroups or ProductFields.RestrictedRegions
            ? throw new CatalogRequestException(CatalogErrors.InvalidFilter, argument, $"'{(name.Length > 200 ? name[..200] : name)}' is not a field of this catalog. List the facets to see which there are.")
            : field;
    }

    private static bool HasValues(string field) => field is not (ProductFields.Price or ProductFields.Rating);
}
