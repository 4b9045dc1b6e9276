using System.Collections.Immutable;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Analysis;

/// <summary>Which texts of a product are searched as which field.</summary>
internal static class SearchText
{
    /// <summary>Every field once, in order, with its texts.</summary>
    public static IEnumerable<(TextField Field, IEnumerable<string> Texts)> Fields(Product product)
    {
        yield return (TextField.Name, [product.Name]);
        yield return (TextField.Class, [product.Class]);
        yield return (TextField.Category, AboveClass(product));
        yield return (TextField.Brand, [product.Brand]);
        yield return (TextField.Description, [product.Description]);
        yield return (TextField.Features, product.Specifications.SelectMany(s => s.Value));
    }

    /// <summary>The category path without a leaf that only repeats the class.</summary>
    private static ImmutableArray<string> AboveClass(Product product) =>
        product.CategoryPath.Length > 0 && product.CategoryPath[^1] == product.Class
            ? product.CategoryPath[..^1]
            : product.CategoryPath;
}
