using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embeddings;

/// <summary>The text by which a language model embeds a product: <c>name. class. brand colour. description</c>, the description cut to 400 characters.</summary>
internal static class ProductText
{
    /// <summary>Version of the template; part of the model's id, because vectors of another template are other vectors.</summary>
    public const string Template = "text-1";

    private const int DescriptionCharacters = 400;
    private static readonly string[] ColourKeys = ["color", "colour", "product_colour", "product_color"];

    /// <summary>The text: whitespace collapsed and trailing dots stripped in each part, empty parts left out; brand and colour only where the name does not hold them.</summary>
    public static string Of(Product product)
    {
        var name = Clean(product.Name);
        var extra = new List<string>();
        foreach (var value in Extras(product))
        {
            if (value.Length > 0 && !name.Contains(value, StringComparison.OrdinalIgnoreCase) && !extra.Contains(value))
            {
                extra.Add(value);
            }
        }

        var description = product.Description.AsSpan(0, Cut(product.Description, DescriptionCharacters)).ToString();
        string[] parts = [name, Clean(product.Class), Clean(string.Join(' ', extra)), Clean(description)];
        return string.Join(". ", parts.Where(p => p.Length > 0));
    }

    /// <summary>Where to cut a text to so many characters, never inside a surrogate pair.</summary>
    public static int Cut(string text, int characters) =>
        text.Length <= characters ? text.Length : char.IsHighSurrogate(text[characters - 1]) ? characters - 1 : characters;

    private static IEnumerable<string> Extras(Product product)
    {
        yield return Clean(product.Brand);
        foreach (var key in ColourKeys)
        {
            if (product.Specifications.TryGetValue(key, out var values) && !values.IsEmpty)
            {
                yield return Clean(values[0]);
            }
        }
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
            {
                clean.Append(c);
            }
            else if (clean.Length > 0 && clean[^1] != ' ')
            {
                clean.Append(' ');
            }
        }

        return clean.ToString().TrimEnd('.', ' ');
    }
}
