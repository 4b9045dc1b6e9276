using System.Collections.Immutable;
using System.Globalization;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Text;

namespace AiPlatform.Storage.Policy;

/// <summary>Reads data filters, and says where one cannot do what it seems to.</summary>
internal sealed class PolicyFilterParser(PolicyProblems problems, PolicyValues values, ImmutableArray<string> attributes)
{
    // Names by which ProductFields.Canonical knows a built-in field, beside the names themselves.
    private static readonly ImmutableArray<string> Aliases =
        ["regions", "categorypath", "categories", "access_level", "allowed_groups", "restricted_regions", "averagerating", "average_rating"];

    public DataFilter Parse(YamlNode node, string path)
    {
        var map = values.Map(node, path, PolicyShape.DataFilter);
        YamlNode? Need(string key)
        {
            if (!map.TryGetValue(key, out var entry) && node is YamlMap)
            {
                problems.Error("missing_key", node, PolicyValues.Join(path, key), $"`{key}` is missing; a data filter needs field, operator and values");
            }

            return entry?.Value;
        }

        var resource = map.TryGetValue("resource", out var named) ? Resource(named.Value, PolicyValues.Join(path, "resource")) : DataFilter.Products;
        var field = Need("field") is { } f ? Field(f, PolicyValues.Join(path, "field"), resource) : "";
        var op = Need("operator") is { } o
            ? (FilterOperator)(values.Choice(o, PolicyValues.Join(path, "operator"), PolicyShape.Operators, "unknown_operator", -1) + 1)
            : FilterOperator.Unknown;
        var list = Need("values") is { } v ? Values(v, PolicyValues.Join(path, "values"), field, op) : [];
        return new DataFilter(field, op, list, resource);
    }

    private string Resource(YamlNode node, string path)
    {
        var name = values.Text(node, path, DataFilter.Products);
        values.Id(node, name, path);
        if (name != DataFilter.Products && EditDistance.Within(name, DataFilter.Products, 2) >= 0)
        {
            // A misspelt resource would drop the filter and open the catalog, so this is an error and not a warning.
            problems.Error("unknown_resource", node, path, $"`{name}` is not a resource; did you mean `{DataFilter.Products}`?");
        }

        return name;
    }

    private string Field(YamlNode node, string path, string resource)
    {
        var name = values.Text(node, path);
        if (resource != DataFilter.Products || name.Length == 0)
        {
            return name;
        }

        var normal = Keyword.Normalize(name);
        if (!ProductFields.BuiltIn.Contains(normal) && !Aliases.Contains(normal)
            && !normal.StartsWith(ProductFields.SpecificationPrefix, StringComparison.Ordinal)
            && !normal.StartsWith("specifications.", StringComparison.Ordinal))
        {
            problems.Warning("unknown_field", node, path, $"products have no field `{name}`{PolicyValues.Hint(normal, ProductFields.BuiltIn)}; it is read as the specification `{ProductFields.SpecificationPrefix}{normal}`, and a product without it is not seen. Write the prefix if that is meant");
        }

        return name;
    }

    private ImmutableArray<string> Values(YamlNode node, string path, string field, FilterOperator op)
    {
        if (node is YamlList { Items.Count: 0 })
        {
            problems.Error("empty_list", node, path, "the list of values is empty, which matches nothing; name at least one value");
            return [];
        }

        var list = values.Texts(node, path, allowOne: true);
        if (op is FilterOperator.Equals or FilterOperator.Lte or FilterOperator.Gte && list.Length > 1)
        {
            problems.Error("one_value", node, path, $"the operator {PolicyShape.Operators[(int)op - 1]} takes one value; use in or not_in for a list");
        }

        foreach (var value in list)
        {
            Check(value, node, path, field, op);
        }

        return list;
    }

    private void Check(string value, YamlNode node, string path, string field, FilterOperator op)
    {
        var normal = Keyword.Normalize(value);
        if (normal.StartsWith(DataFilter.DynamicPrefix, StringComparison.Ordinal))
        {
            var attribute = normal[DataFilter.DynamicPrefix.Length..];
            if (!attributes.Contains(attribute))
            {
                problems.Error("unknown_attribute", node, path, $"`{value}` names the attribute `{attribute}`, which keys cannot carry; add it to `attributes` or use one of {string.Join(", ", attributes)}");
            }
        }
        else if (op is FilterOperator.Lte or FilterOperator.Gte
            && !decimal.TryParse(normal, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
        {
            problems.Error("wrong_number", node, path, $"`{value}` is not a number; write digits with a point, such as 199.99");
        }
        else if (ProductFields.Canonical(field) == ProductFields.Category && value.Replace(ProductFields.CategorySeparator, "", StringComparison.Ordinal).Contains('/', StringComparison.Ordinal))
        {
            problems.Warning("category_separator", node, path, $"the levels of a category are joined by `{ProductFields.CategorySeparator}` with spaces; `{value}` matches only a level that has a slash in its name");
        }
    }
}
