using System.Globalization;
using System.Text.RegularExpressions;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Contracts.Tests.Catalog;

/// <summary>What the contracts promise, done product by product.</summary>
internal static partial class CatalogOracle
{
    public static List<Product> Visible(AccessScope scope) =>
        [.. CatalogProducts.All.Where(scope.ProductsIn(CatalogProducts.Name, DateTimeOffset.UtcNow).IsVisible)];

    public static bool Passes(Product product, QueryFilter filter)
    {
        var values = Values(product, filter.Field).ToList();
        return filter.Operator switch
        {
            QueryFilterOperator.In => values.Any(v => filter.Values.Any(w => Same(v, w))),
            QueryFilterOperator.Range => values.Any(v => Number(v) is { } n && (filter.Min is null || n >= filter.Min) && (filter.Max is null || n <= filter.Max)),
            _ => values.Count > 0,
        };
    }

    /// <summary>Values of a field, as the source writes them; a category's are the path and its ancestors.</summary>
    public static IEnumerable<string> Values(Product product, string field) => (field switch
    {
        "id" => [product.Id],
        "brand" => [product.Brand],
        "class" => [product.Class],
        "category" => Enumerable.Range(1, product.CategoryPath.Length).Select(n => string.Join(" / ", product.CategoryPath.Take(n))),
        "price" => product.Price is { } price ? [price.ToString(CultureInfo.InvariantCulture)] : [],
        "rating" => product.Rating is { } rating ? [rating.ToString(CultureInfo.InvariantCulture)] : [],
        "currency" => [product.Currency],
        "region" => product.Regions,
        "availability" => product.Availability switch
        {
            Availability.InStock => ["in_stock"],
            Availability.LowStock => ["low_stock"],
            Availability.Preorder => ["preorder"],
            Availability.OutOfStock => ["out_of_stock"],
            Availability.Discontinued => ["discontinued"],
            _ => Array.Empty<string>(),
        },
        _ => product.Specifications.Where(s => "spec." + Plain(s.Key) == field).SelectMany(s => s.Value),
    }).Where(v => v.Trim().Length > 0);

    public static List<(string Value, int Count)> Facet(IEnumerable<Product> products, string field) =>
        [.. products.SelectMany(p => Values(p, field).Select(Plain).Distinct()).GroupBy(v => v)
            .Select(g => (g.Key, g.Count())).OrderByDescending(g => g.Item2).ThenBy(g => g.Key, StringComparer.Ordinal)];

    /// <summary>Values that match a text, as the contract orders them, in plain form; the field null for the names of specifications.</summary>
    public static List<(string Value, int Count, FacetMatch Match)> Find(IReadOnlyCollection<Product> products, string? field, string text)
    {
        var wanted = Plain(text);
        var values = field is null
            ? [.. products.SelectMany(p => p.Specifications.Where(s => s.Value.Any(v => v.Trim().Length > 0)).Select(s => Plain(s.Key)).Distinct()).GroupBy(v => v).Select(g => (g.Key, g.Count()))]
            : Facet(products, field);
        return [.. values.Select(v => (v.Item1, v.Item2, How: How(v.Item1, wanted, field == "category")))
            .Where(v => v.How.Edits >= 0)
            .OrderBy(v => v.How.Match).ThenBy(v => v.How.Edits).ThenByDescending(v => v.Item2).ThenBy(v => v.Item1, StringComparer.Ordinal)
            .Select(v => (v.Item1, v.Item2, v.How.Match))];
    }

    private static (FacetMatch Match, int Edits) How(string value, string wanted, bool category)
    {
        string[] whole = category ? [wanted, Regex.Replace(wanted, " *> *", " / "), Regex.Replace(wanted, " *[>/] *", " / ")] : [wanted];
        var level = category ? value.Split(" / ")[^1] : value;
        if (wanted.Length > 0 && whole.Contains(value))
        {
            return (FacetMatch.Exact, 0);
        }

        if (whole.Any(value.StartsWith) || level.StartsWith(wanted, StringComparison.Ordinal))
        {
            return (FacetMatch.Prefix, 0);
        }

        if (whole.Any(w => Regex.IsMatch(value, @"(?<![\p{L}\p{Nd}])" + Regex.Escape(w))))
        {
            return (FacetMatch.WordPrefix, 0);
        }

        if (whole.Any(value.Contains))
        {
            return (FacetMatch.Contains, 0);
        }

        var edits = Math.Min(Edits(value, wanted), Edits(level, wanted));
        return (FacetMatch.Near, edits <= (wanted.Length < 3 ? 0 : wanted.Length < 5 ? 1 : 2) ? edits : -1);
    }

    /// <summary>Optimal string alignment, straight from its definition.</summary>
    private static int Edits(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }

    public static IEnumerable<Product> Sorted(IEnumerable<Product> products, ProductSort sort)
    {
        var byId = products.OrderBy(p => p.Id, StringComparer.Ordinal);
        return sort switch
        {
            ProductSort.PriceAscending => byId.OrderBy(p => p.Price is null).ThenBy(p => p.Price),
            ProductSort.PriceDescending => byId.OrderBy(p => p.Price is null).ThenByDescending(p => p.Price),
            ProductSort.Rating => byId.OrderBy(p => p.Rating is null).ThenByDescending(p => p.Rating).ThenByDescending(p => p.RatingCount),
            _ => byId.OrderBy(p => p.ReleasedAt is null).ThenByDescending(p => p.ReleasedAt),
        };
    }

    /// <summary>Whether any text of the product has any of the words.</summary>
    public static bool HasAny(Product product, params string[] words)
    {
        var texts = product.CategoryPath.Concat(product.Specifications.SelectMany(s => s.Value)).Append(product.Name).Append(product.Class).Append(product.Brand).Append(product.Description);
        return texts.SelectMany(t => Word().Matches(t.ToLowerInvariant()).Select(m => m.Value)).Any(words.Contains);
    }

    public static string Plain(string value) => value.Trim().ToLowerInvariant();

    private static bool Same(string value, string wanted) => Plain(value) == Plain(wanted) || (decimal.TryParse(value, CultureInfo.InvariantCulture, out var a) && decimal.TryParse(wanted, CultureInfo.InvariantCulture, out var b) && a == b);

    private static decimal? Number(string value) =>
        NumberWithUnit().Match(value.Trim()) is { Success: true } match ? decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("^([+-]?[0-9]+(?:[.][0-9]+)?)\\s*[a-zA-Z]{0,12}$")]
    private static partial Regex NumberWithUnit();

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex Word();
}
