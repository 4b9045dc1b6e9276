using System.Collections.Immutable;
using System.Globalization;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools.Comparing;

/// <summary>
/// Sets products side by side, attribute by attribute. Specifications belong together when their names have the same normal form; values are the same
/// when their normal forms are, or their numbers and units (<c>16 GB</c> and <c>16.0gb</c>). O(all specifications).
/// </summary>
internal static class ProductComparison
{
    private const int NameText = 100;
    private const int ValueText = 160;
    private const int MostValues = 20;

    private static readonly ImmutableArray<(string Name, Func<Product, IEnumerable<string>> Values)> BuiltIn =
    [
        ("price", p => p.Price is { } price ? [string.Create(CultureInfo.InvariantCulture, $"{price:0.##} {p.Currency}").TrimEnd()] : []),
        ("availability", p => ProductFields.Raw(p, ProductFields.Availability)),
        ("rating", p => ProductFields.RatingOf(p) is { } rating ? [rating.ToString("0.0#", CultureInfo.InvariantCulture)] : []),
        ("brand", p => One(p.Brand)),
        ("class", p => One(p.Class)),
        ("category", p => One(string.Join(ProductFields.CategorySeparator, p.CategoryPath.AsSpan()))),
        ("regions", p => p.Regions),
        ("released", p => p.ReleasedAt is { } released ? [released.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)] : []),
    ];

    /// <summary>Rows that differ first; among each, what every product has, then specifications by how many products state them, then by name. An attribute that no product states has no row.</summary>
    public static List<ComparisonRow> Rows(IReadOnlyList<Product> products)
    {
        var rows = BuiltIn.Select(b => Row(b.Name, [.. products.Select(p => Texts(b.Values(p)))])).ToList();
        rows.AddRange(Specifications(products).OrderByDescending(r => r.Values.Count(v => v is not null)).ThenBy(r => r.Name, StringComparer.Ordinal));
        return [.. rows.Where(r => r.Values.Any(v => v is not null)).OrderByDescending(r => r.Differs)];
    }

    private static IEnumerable<ComparisonRow> Specifications(IReadOnlyList<Product> products)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var cells = new Dictionary<string, List<string>[]>(StringComparer.Ordinal);
        for (var i = 0; i < products.Count; i++)
        {
            foreach (var (written, values) in products[i].Specifications)
            {
                var name = Keyword.Normalize(written);
                if (names.TryAdd(name, written))
                {
                    cells.Add(name, [.. products.Select(_ => new List<string>())]);
                }

                cells[name][i].AddRange(Texts(values));
            }
        }

        return cells.Select(c => Row(BuiltIn.Any(b => b.Name == c.Key) ? ProductFields.SpecificationPrefix + names[c.Key] : names[c.Key], c.Value));
    }

    private static ComparisonRow Row(string name, IReadOnlyList<IReadOnlyList<string>> cells)
    {
        var differs = cells.Select(Key).Distinct(StringComparer.Ordinal).Count() > 1;
        return new ComparisonRow(SafeText.Shorten(name, NameText), [.. cells.Select(Shown)], differs, SharedUnit(cells.SelectMany(c => c)));
    }

    private static string[] Texts(IEnumerable<string> values) => [.. values.Where(v => Keyword.Normalize(v).Length > 0)];

    private static string? Shown(IReadOnlyList<string> values) =>
        values.Count == 0 ? null : SafeText.Shorten(string.Join(", ", values.Take(MostValues)), ValueText);

    /// <summary>What makes two cells the same, whatever the order and the spelling of their values.</summary>
    private static string Key(IReadOnlyList<string> values) => string.Join('\n', values.Select(Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static string Key(string value)
    {
        var normal = Keyword.Normalize(value);
        return SpecificationNumber.TryParse(normal, out var number, out var unit) ? $"{ProductFields.Number(number)} {unit}" : normal;
    }

    private static string? SharedUnit(IEnumerable<string> values)
    {
        string? shared = null;
        string? shown = null;
        foreach (var value in values)
        {
            if (!SpecificationNumber.TryParse(value, out _, out var unit) || unit.IsEmpty || (shared is not null && shared != Keyword.Normalize(unit.ToString())))
            {
                return null;
            }

            shown ??= SafeText.Clean(unit.ToString());
            shared ??= Keyword.Normalize(unit.ToString());
        }

        return shown;
    }

    private static string[] One(string value) => [value];
}
