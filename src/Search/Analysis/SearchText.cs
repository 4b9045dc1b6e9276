using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Analysis;

/// <summary>Which texts of a product are searched as which field.</summary>
internal static class SearchText
{
    /// <summary>Every field once, in order, with its texts.</summary>
    public static IEnumerable<(TextField Field, IEnumerable<string> Texts)> Fields(Product product)
    {
        for (var field = default(TextField); field < TextField.Count; field++)
        {
            var texts = new List<string>();
            Add(product, field, texts);
            yield return (field, texts);
        }
    }

    /// <summary>Adds the texts of one field.</summary>
    public static void Add(Product product, TextField field, List<string> texts)
    {
        switch (field)
        {
            case TextField.Name:
                texts.Add(product.Name);
                break;
            case TextField.Class:
                texts.Add(product.Class);
                break;
            case TextField.Category:
                texts.AddRange(AboveClass(product));
                break;
            case TextField.Brand:
                texts.Add(product.Brand);
                break;
            case TextField.Description:
                texts.Add(product.Description);
                break;
            default:
                foreach (var (_, values) in product.Specifications)
                {
                    texts.AddRange(values.AsSpan());
                }

                break;
        }
    }

    /// <summary>The category path without a leaf that only repeats the class.</summary>
    private static ReadOnlySpan<string> AboveClass(Product product) =>
        product.CategoryPath.Length > 0 && product.CategoryPath[^1] == product.Class
            ? product.CategoryPath.AsSpan()[..^1]
            : product.CategoryPath.AsSpan();
}
