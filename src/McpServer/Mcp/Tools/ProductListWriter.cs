using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// Writes a list of products under the budget of an answer. When not everything fits, later products are written with less and less, so that
/// every product of the page is named and the cursor stays true; only where even the names do not fit are products left out. Both are counted.
/// </summary>
internal sealed class ProductListWriter(string catalog, ProductDetail detail)
{
    /// <summary>Properties of an output schema that say what was left out, without the braces.</summary>
    public const string Schema = """
        "shortened": {"type": "integer", "description": "Products with fewer details for want of room: ask for fewer at once, or raise max_tokens."},
        "omitted": {"type": "integer", "description": "Products left out at the end for want of room: ask for fewer at once, or raise max_tokens."}
        """;

    /// <summary>Bytes that the words about what was left out may take.</summary>
    public const int NoteBytes = 400;

    /// <summary>In longer lists the text has one line a product.</summary>
    private const int MostWithDescription = 20;

    private int _shortened;
    private int _omitted;

    /// <summary>How many of the products were written: the first ones.</summary>
    public int Written { get; private set; }

    /// <summary>Writes the member <c>products</c>, and a line or more each to the text.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="products">The products.</param>
    /// <param name="keep">Bytes that must stay free for what follows; links are none of it.</param>
    public void Write(AnswerWriter answer, IReadOnlyList<Product> products, long keep = 0)
    {
        keep += NoteBytes;
        answer.Json.WritePropertyName("products");
        if (!MayFit(answer, products, keep) || !answer.TryAdd((products, detail), keep, static (json, text, a) => DrawAll(json, text, a.products, a.detail)))
        {
            WriteSqueezed(answer, products, keep);
        }

        Written = products.Count - _omitted;
        answer.Optional("shortened", _shortened);
        answer.Optional("omitted", _omitted);
        if (_shortened > 0)
        {
            answer.Text.Append(_shortened).Append(" products are shown without all their details; ")
                .Append(detail == ProductDetail.Full ? "raise max_tokens or ask for fewer at once.\n" : "get_products has them.\n");
        }

        if (_omitted > 0)
        {
            answer.Text.Append(_omitted).Append(" products did not fit: ask for fewer at once, or raise max_tokens.\n");
        }
    }

    /// <summary>Links to the products written, as far as there is room: the last thing an answer gets.</summary>
    public void Link(AnswerWriter answer, IReadOnlyList<Product> products)
    {
        foreach (var product in products.Take(Written))
        {
            answer.Link(catalog, product);
        }
    }

    private void WriteSqueezed(AnswerWriter answer, IReadOnlyList<Product> products, long keep)
    {
        var least = products.Select((p, i) => answer.Measure((p, i, ProductDetail.Named), Draw)).ToArray();
        long later = least.Sum();
        var allFit = later + keep <= answer.Left;
        var level = detail == ProductDetail.Full && allFit ? Level(answer, products, answer.Left - keep) : 0;
        answer.Json.WriteStartArray();
        for (var i = 0; i < products.Count; i++)
        {
            later -= allFit ? least[i] : later;
            var chosen = allFit ? detail : ProductDetail.Named;
            if (chosen == ProductDetail.Full)
            {
                var room = Math.Min(level, answer.Left - keep - later);
                var share = Share(answer, products[i], i, room);
                if (share > 0 && answer.TryAdd((products[i], i, share), keep + later, DrawShare))
                {
                    _shortened += share == ProductView.Whole ? 0 : 1;
                    continue;
                }

                chosen--;
            }

            while (!answer.TryAdd((products[i], i, chosen), keep + later, Draw))
            {
                if (chosen == ProductDetail.Named)
                {
                    // The rest is not tried: a page has no gaps.
                    _omitted = products.Count - i;
                    answer.Json.WriteEndArray();
                    return;
                }

                chosen--;
            }

            _shortened += chosen == detail ? 0 : 1;
        }

        answer.Json.WriteEndArray();
    }

    /// <summary>The most bytes a product may take so that all of them fit: what small ones leave is shared by the large ones.</summary>
    private static long Level(AnswerWriter answer, IReadOnlyList<Product> products, long room)
    {
        var sizes = products.Select((p, i) => Characters(p) > room ? long.MaxValue : answer.Measure((p, i, ProductView.Whole), DrawShare)).Order().ToList();
        for (var i = 0; i < sizes.Count; i++)
        {
            var share = room / (sizes.Count - i);
            if (sizes[i] > share)
            {
                return share;
            }

            room -= sizes[i];
        }

        return long.MaxValue;
    }

    /// <summary>The largest share of a product that fits the room, in sixteenths; 0 when none does.</summary>
    private static int Share(AnswerWriter answer, Product product, int index, long room)
    {
        if (Characters(product) <= room && answer.Measure((product, index, ProductView.Whole), DrawShare) <= room)
        {
            return ProductView.Whole;
        }

        var share = 0;
        for (var step = ProductView.Whole / 2; step > 0; step /= 2)
        {
            share += answer.Measure((product, index, share + step), DrawShare) <= room ? step : 0;
        }

        return share;
    }

    /// <summary>Whether drawing everything is worth trying: full products can be far larger than any answer.</summary>
    private bool MayFit(AnswerWriter answer, IReadOnlyList<Product> products, long keep) =>
        detail != ProductDetail.Full || products.Sum(Characters) <= answer.Left - keep;

    /// <summary>Characters of what is long in a product. It is written twice, so that a product fits no room smaller than this.</summary>
    private static long Characters(Product product)
    {
        long characters = product.Description.Length;
        foreach (var (_, values) in product.Specifications)
        {
            foreach (var value in values)
            {
                characters += value.Length;
            }
        }

        return characters;
    }

    private static void DrawShare(Utf8JsonWriter json, StringBuilder text, (Product Product, int Index, int Share) item)
    {
        ProductView.Write(json, item.Product, ProductDetail.Full, item.Share);
        text.Append(item.Index + 1).Append(". ");
        ProductView.WriteText(text, item.Product, ProductDetail.Full, share: item.Share);
    }

    private static void DrawAll(Utf8JsonWriter json, StringBuilder text, IReadOnlyList<Product> products, ProductDetail detail)
    {
        json.WriteStartArray();
        for (var i = 0; i < products.Count; i++)
        {
            text.Append(i + 1).Append(". ");
            if (detail == ProductDetail.Compact && products.Count <= MostWithDescription)
            {
                var listed = ListedProduct.Of(products[i]);
                json.WriteRawValue(listed.Json.Span, skipInputValidation: true);
                text.Append(listed.Text);
            }
            else
            {
                ProductView.Write(json, products[i], detail);
                ProductView.WriteText(text, products[i], detail, describe: detail == ProductDetail.Full);
            }
        }

        json.WriteEndArray();
    }

    private static void Draw(Utf8JsonWriter json, StringBuilder text, (Product Product, int Index, ProductDetail Detail) item)
    {
        ProductView.Write(json, item.Product, item.Detail);
        text.Append(item.Index + 1).Append(". ");
        ProductView.WriteText(text, item.Product, item.Detail, describe: item.Detail == ProductDetail.Full);
    }
}
