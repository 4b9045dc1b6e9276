using System.Collections.Immutable;
using System.Globalization;

namespace AiPlatform.Core.Catalog;

/// <summary>
/// The fields that data filters, query filters and facets name, and the normalised values a product has in each. One code for the
/// oracle and for every engine's index, so that they cannot disagree about what a field holds.
/// </summary>
public static class ProductFields
{
    /// <summary>The product's id.</summary>
    public const string Id = "id";

    /// <summary>The brand.</summary>
    public const string Brand = "brand";

    /// <summary>The class.</summary>
    public const string Class = "class";

    /// <summary>The category: a product has its full path and every ancestor, levels joined by <see cref="CategorySeparator"/>.</summary>
    public const string Category = "category";

    /// <summary>The price, as a number.</summary>
    public const string Price = "price";

    /// <summary>The currency.</summary>
    public const string Currency = "currency";

    /// <summary>The availability: in_stock, low_stock, preorder, out_of_stock, discontinued.</summary>
    public const string Availability = "availability";

    /// <summary>Regions the product is sold in.</summary>
    public const string Region = "region";

    /// <summary>The average rating, as a number.</summary>
    public const string Rating = "rating";

    /// <summary>The access level: public, internal, confidential.</summary>
    public const string AccessLevel = "accesslevel";

    /// <summary>Groups the product is meant for.</summary>
    public const string AllowedGroups = "allowedgroups";

    /// <summary>Regions the product is restricted in.</summary>
    public const string RestrictedRegions = "restrictedregions";

    /// <summary>What a specification's field name starts with; the rest is its key, normalised.</summary>
    public const string SpecificationPrefix = "spec.";

    /// <summary>What joins the levels of a category path.</summary>
    public const string CategorySeparator = " / ";

    /// <summary>Fields every product can have; specifications come on top.</summary>
    public static ImmutableArray<string> BuiltIn { get; } =
        [Id, Brand, Class, Category, Price, Currency, Availability, Region, Rating, AccessLevel, AllowedGroups, RestrictedRegions];

    /// <summary>The canonical name: lower case, aliases resolved (<c>regions</c>, <c>categoryPath</c>, <c>specifications.X</c>); a name that is no built-in field becomes <c>spec.NAME</c>.</summary>
    public static string Canonical(string field)
    {
        var name = Keyword.Normalize(field);
        return name switch
        {
            "regions" => Region,
            "categorypath" or "categories" => Category,
            "access_level" => AccessLevel,
            "allowed_groups" => AllowedGroups,
            "restricted_regions" => RestrictedRegions,
            "averagerating" or "average_rating" => Rating,
            _ when name.StartsWith(SpecificationPrefix, StringComparison.Ordinal) => name,
            _ when name.StartsWith("specifications.", StringComparison.Ordinal) => SpecificationPrefix + name["specifications.".Length..],
            _ when BuiltIn.Contains(name, StringComparer.Ordinal) => name,
            _ => SpecificationPrefix + name,
        };
    }

    /// <summary>The product's normalised values in a canonical field; none when it lacks the field. Empty strings are no value.</summary>
    public static IEnumerable<string> Values(Product product, string field)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(field);
        return Text(product, field) is { } text
            ? Keyword.Normalize(text) is { Length: > 0 } normal ? [normal] : []
            : Raw(product, field).Select(Keyword.Normalize).Where(v => v.Length > 0);
    }

    /// <summary>Every canonical field the product has, with each normalised value, repeats possible: what an index stores.</summary>
    public static IEnumerable<(string Field, string Value)> All(Product product)
    {
        var all = new List<(string, string)>();
        Collect(product, _ => true, all);
        return all;
    }

    /// <summary>Adds what <see cref="All"/> gives of the wanted fields, with little allocation beside the values. Categories come root first.</summary>
    public static void Collect(Product product, Func<string, bool> wanted, ICollection<(string Field, string Value)> values)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(values);
        foreach (var field in BuiltIn)
        {
            if (!wanted(field))
            {
                continue;
            }

            if (Text(product, field) is { } text)
            {
                Add(values, field, text);
                continue;
            }

            foreach (var value in Raw(product, field))
            {
                Add(values, field, value);
            }
        }

        foreach (var (key, texts) in product.Specifications)
        {
            var field = SpecificationPrefix + Keyword.Normalize(key);
            foreach (var text in wanted(field) ? texts : [])
            {
                Add(values, field, text);
            }
        }
    }

    /// <summary>The product's values in a canonical field as its source wrote them.</summary>
    public static IEnumerable<string> Raw(Product product, string field)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(field);
        return Text(product, field) is { } text ? [text] : field switch
        {
            Category => CategoryPrefixes(product.CategoryPath),
            Price => product.Price is { } price ? [Number(price)] : [],
            Availability => product.Availability == Catalog.Availability.Unknown ? [] : [Name(product.Availability)],
            Region => product.Regions,
            Rating => RatingOf(product) is { } rating ? [Number(rating)] : [],
            AllowedGroups => product.AllowedGroups,
            RestrictedRegions => product.RestrictedRegions,
            _ => Specification(product, field),
        };
    }

    /// <summary>The rating as the number that filters compare; null when there is none or no decimal holds it (NaN, infinite, past 7.9e28).</summary>
    public static decimal? RatingOf(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return product.Rating is > (double)decimal.MinValue and < (double)decimal.MaxValue ? (decimal)product.Rating.Value : null;
    }

    /// <summary>A filter's value in the form the field's values have: normalised, and for numeric fields without trailing zeros.</summary>
    public static string NormalizeValue(string field, string value)
    {
        var normal = Keyword.Normalize(value);
        return field is Price or Rating && decimal.TryParse(normal, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? Number(number)
            : normal;
    }

    /// <summary>The wire name of an availability, such as <c>in_stock</c>.</summary>
    public static string Name(Availability availability) => availability switch
    {
        Catalog.Availability.InStock => "in_stock",
        Catalog.Availability.LowStock => "low_stock",
        Catalog.Availability.Preorder => "preorder",
        Catalog.Availability.OutOfStock => "out_of_stock",
        Catalog.Availability.Discontinued => "discontinued",
        _ => "unknown",
    };

    /// <summary>The path and each of its ancestors, root first: <c>A</c>, <c>A / B</c>, <c>A / B / C</c>.</summary>
    public static IEnumerable<string> CategoryPrefixes(ImmutableArray<string> path)
    {
        for (var depth = 1; depth <= path.Length; depth++)
        {
            yield return string.Join(CategorySeparator, path.AsSpan(0, depth)!);
        }
    }

    /// <summary>The normal forms a written category path can stand for: as it is, with its levels joined by <c>&gt;</c>, and by <c>&gt;</c> or <c>/</c>. A level's own name may hold a slash, so the forms are alternatives.</summary>
    public static ImmutableArray<string> CategoryForms(string normal)
    {
        ArgumentNullException.ThrowIfNull(normal);
        return [.. new[] { normal, Joined('>'), Joined('>', '/') }.Distinct(StringComparer.Ordinal)];

        string Joined(params char[] separators) =>
            string.Join(CategorySeparator, normal.Split(separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The text a number is compared as: no trailing zeros, at most twelve decimals. The oracle and every index write it alike.</summary>
    public static string Number(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>The value of a field that always has one; null for other fields.</summary>
    private static string? Text(Product product, string field) => field switch
    {
        Id => product.Id,
        Brand => product.Brand,
        Class => product.Class,
        Currency => product.Currency,
        AccessLevel => product.AccessLevel.ToString(),
        _ => null,
    };

    private static void Add(ICollection<(string Field, string Value)> values, string field, string text)
    {
        var normal = Keyword.Normalize(text);
        if (normal.Length > 0)
        {
            values.Add((field, normal));
        }
    }

    private static IEnumerable<string> Specification(Product product, string field)
    {
        if (!field.StartsWith(SpecificationPrefix, StringComparison.Ordinal))
        {
            return [];
        }

        var key = field[SpecificationPrefix.Length..];
        return product.Specifications.Where(s => Keyword.Normalize(s.Key) == key).SelectMany(s => s.Value);
    }
}
