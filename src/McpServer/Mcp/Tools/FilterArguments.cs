using System.Collections.Immutable;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>The filter arguments that several tools share: their schema, and how they become filters of the index.</summary>
internal static class FilterArguments
{
    public const int MaxValueLength = 200;

    private const int MaxSpecifications = 10;

    /// <summary>Far above any price, and still exact in every engine.</summary>
    private const decimal HighestPrice = 1_000_000_000_000;

    /// <summary>The bound of specifications in both directions.</summary>
    private const decimal HighestNumber = 1_000_000_000_000_000;

    /// <summary>Properties for an input schema, without the braces.</summary>
    public const string Schema = """
        "category": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 400, "description": "Category path from the root, levels joined by ' / ', such as 'Home / Lighting'. Matches everything below it. list_facets names the categories."},
        "brands": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}, "description": "Any of these brands."},
        "price_min": {"type": "number", "minimum": 0, "maximum": 1000000000000, "description": "Lowest price, inclusive, in the currency of the product."},
        "price_max": {"type": "number", "minimum": 0, "maximum": 1000000000000, "description": "Highest price, inclusive, in the currency of the product."},
        "availability": {"type": "array", "minItems": 1, "maxItems": 5, "items": {"type": "string", "enum": ["in_stock", "low_stock", "preorder", "out_of_stock", "discontinued"]}, "description": "Any of these states. For what can be bought now: in_stock and low_stock."},
        "regions": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}, "description": "Sold in any of these regions, such as EU or US."},
        "specifications": {"type": "array", "maxItems": 10, "description": "Conditions on specifications; all must hold. list_facets names the specifications and their values.", "items": {"type": "object", "additionalProperties": false, "required": ["name", "operator"], "properties": {
          "name": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200, "description": "Name of the specification as list_facets gives it, with or without 'spec.'."},
          "operator": {"type": "string", "enum": ["equals", "in", "range", "exists"], "description": "equals: the one value given; in: any of the values; range: a number from min to max, inclusive; exists: the product states it."},
          "values": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}, "description": "For equals (one value) and in."},
          "min": {"type": "number", "minimum": -1000000000000000, "maximum": 1000000000000000, "description": "For range."},
          "max": {"type": "number", "minimum": -1000000000000000, "maximum": 1000000000000000, "description": "For range."}}}}
        """;

    private static readonly string[] SpecificationMembers = ["name", "operator", "values", "min", "max"];

    private static readonly string[] Operators = ["equals", "in", "range", "exists"];

    private static readonly ImmutableSortedSet<string> Availabilities =
        [.. Enum.GetValues<Availability>().Where(a => a != Availability.Unknown).Select(ProductFields.Name)];

    public static ImmutableArray<QueryFilter> Read(ToolArguments arguments)
    {
        var filters = ImmutableArray.CreateBuilder<QueryFilter>();
        if (arguments.Has("category"))
        {
            filters.Add(QueryFilter.In(ProductFields.Category, CategoryPath(arguments.RequiredText("category", 400))));
        }

        AddValues(filters, ProductFields.Brand, arguments.Texts("brands", CatalogLimits.FilterValues, MaxValueLength));
        AddValues(filters, ProductFields.Region, arguments.Texts("regions", CatalogLimits.FilterValues, MaxValueLength));
        var availability = arguments.Texts("availability", Availabilities.Count, MaxValueLength);
        if (availability.FirstOrDefault(a => !Availabilities.Contains(a)) is { } unknown)
        {
            throw arguments.NotAmong("availability", unknown, Availabilities);
        }

        AddValues(filters, ProductFields.Availability, availability);
        AddRange(filters, ProductFields.Price, arguments, "price_min", "price_max", 0, HighestPrice);
        foreach (var specification in arguments.Objects("specifications", MaxSpecifications))
        {
            filters.Add(Specification(specification));
        }

        return filters.ToImmutable();
    }

    /// <summary>The argument that a filter came from.</summary>
    public static string ArgumentOf(string field) => field switch
    {
        ProductFields.Brand => "brands",
        ProductFields.Region => "regions",
        ProductFields.Category => "category",
        _ => "specifications",
    };

    /// <summary>The field of a specification, whatever it is called: a name such as <c>price</c> means the specification of that name here.</summary>
    public static string SpecificationField(string name)
    {
        var key = Keyword.Normalize(name);
        return key.StartsWith(ProductFields.SpecificationPrefix, StringComparison.Ordinal) ? key : ProductFields.SpecificationPrefix + key;
    }

    private static void AddValues(ImmutableArray<QueryFilter>.Builder filters, string field, ImmutableArray<string> values)
    {
        if (!values.IsEmpty)
        {
            filters.Add(QueryFilter.In(field, values));
        }
    }

    private static void AddRange(ImmutableArray<QueryFilter>.Builder filters, string field, ToolArguments arguments, string minName, string maxName, decimal smallest, decimal largest)
    {
        var min = arguments.Number(minName, smallest, largest);
        var max = arguments.Number(maxName, smallest, largest);
        if (min > max)
        {
            throw arguments.Fault(maxName, $"must not be below {minName}");
        }

        if (min is not null || max is not null)
        {
            filters.Add(QueryFilter.Range(field, min, max));
        }
    }

    private static QueryFilter Specification(ToolArguments arguments)
    {
        arguments.AllowOnly(SpecificationMembers);
        var field = SpecificationField(arguments.RequiredText("name", MaxValueLength));
        var values = arguments.Texts("values", CatalogLimits.FilterValues, MaxValueLength);
        var ranged = arguments.Has("min") || arguments.Has("max");
        var operation = arguments.RequiredText("operator", 16);
        if (operation is "exists" or "range" && !values.IsEmpty)
        {
            throw arguments.Fault("values", $"does not go with the operator {operation}");
        }

        if (operation is not "range" && ranged)
        {
            throw arguments.Fault(arguments.Has("min") ? "min" : "max", $"does not go with the operator {operation}");
        }

        switch (operation)
        {
            case "exists":
                return QueryFilter.Exists(field);
            case "equals" when values.Length == 1:
            case "in" when !values.IsEmpty:
                return QueryFilter.In(field, values);
            case "equals":
                throw arguments.Fault("values", "must hold exactly one value for equals");
            case "in":
                throw arguments.MissingOne("values");
            case "range" when !ranged:
                throw arguments.Fault("operator", "range needs min, max or both");
            case "range":
                var range = ImmutableArray.CreateBuilder<QueryFilter>(1);
                AddRange(range, field, arguments, "min", "max", -HighestNumber, HighestNumber);
                return range[0];
            default:
                throw arguments.NotAmong("operator", operation, Operators);
        }
    }

    private static string CategoryPath(string written) =>
        string.Join(ProductFields.CategorySeparator, written.Split([" / ", " > ", ">"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
