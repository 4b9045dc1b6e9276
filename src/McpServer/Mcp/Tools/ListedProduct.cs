using System.Runtime.CompilerServices;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// A product as lists show it, drawn once for as long as the index keeps the product in memory: the drawing is the same for everybody who sees the
/// product. Immutable but for the link, whose catalog is that of the last answer; thread-safe.
/// </summary>
internal sealed class ListedProduct
{
    private static readonly ConditionalWeakTable<Product, ListedProduct> Drawn = [];

    private readonly Product _product;
    private PlacedLink? _link;

    private ListedProduct(Product product)
    {
        _product = product;
        Json = ToolJson.Write(product, static (json, p) => ProductView.Write(json, p, ProductDetail.Compact));
        var text = new StringBuilder();
        ProductView.WriteText(text, product, ProductDetail.Compact);
        Text = text.ToString();
    }

    /// <summary>One JSON object.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The lines behind the number in the list.</summary>
    public string Text { get; }

    public static ListedProduct Of(Product product) => Drawn.GetValue(product, static p => new ListedProduct(p));

    /// <summary>The link to the product in a catalog.</summary>
    public ProductLink LinkIn(string catalog)
    {
        if (_link is not { } placed || !string.Equals(placed.Catalog, catalog, StringComparison.Ordinal))
        {
            _link = placed = new PlacedLink(catalog, ProductLink.To(catalog, _product));
        }

        return placed.Link;
    }

    private sealed record PlacedLink(string Catalog, ProductLink Link);
}
