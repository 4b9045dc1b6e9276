using System.Buffers;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// Writes a list of products under a budget. A product that would go past it is written briefly, so that every product of the page is
/// named and the cursor stays true; what was left out is counted.
/// </summary>
internal sealed class ProductListWriter(int budgetTokens, ProductDetail detail)
{
    public const int DefaultTokens = 20_000;
    public const int MinTokens = 2_000;
    public const int MaxTokens = 25_000;

    /// <summary>Bytes of UTF-8 that a token stands for, for the estimate.</summary>
    private const int BytesPerToken = 4;

    /// <summary>What a product costs at least, in bytes, structured and as text.</summary>
    private const int BriefBytes = 400;

    /// <summary>Products written briefly for want of room.</summary>
    public int Shortened { get; private set; }

    /// <summary>Writes the member <c>products</c>, and a line or more each to the text.</summary>
    public void Write(Utf8JsonWriter json, StringBuilder text, IReadOnlyList<Product> products)
    {
        var left = (long)budgetTokens * BytesPerToken;
        var scratch = new ArrayBufferWriter<byte>(1_024);
        using var side = new Utf8JsonWriter(scratch, ToolJson.Options);
        json.WriteStartArray("products");
        for (var i = 0; i < products.Count; i++)
        {
            var reserved = (long)(products.Count - i - 1) * BriefBytes;
            var start = text.Length;
            Draw(side, scratch, text, products[i], detail, i);
            var cost = scratch.WrittenCount + (text.Length - start);
            if (cost > left - reserved && detail != ProductDetail.Brief)
            {
                text.Length = start;
                Draw(side, scratch, text, products[i], ProductDetail.Brief, i);
                cost = scratch.WrittenCount + (text.Length - start);
                Shortened++;
            }

            left -= cost;
            json.WriteRawValue(scratch.WrittenSpan, skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    private static void Draw(Utf8JsonWriter side, ArrayBufferWriter<byte> scratch, StringBuilder text, Product product, ProductDetail detail, int index)
    {
        scratch.ResetWrittenCount();
        side.Reset();
        ProductView.Write(side, product, detail);
        side.Flush();
        text.Append(index + 1).Append(". ");
        ProductView.WriteText(text, product, detail);
    }
}
