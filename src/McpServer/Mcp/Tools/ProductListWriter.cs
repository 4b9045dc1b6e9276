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
        var scratch = JsonBuffers.Rent();
        try
        {
            // Closed before the buffer goes back: a writer flushes what it still holds.
            using var side = new Utf8JsonWriter(scratch, ToolJson.Options);
            json.WriteStartArray("products");
            for (var i = 0; i < products.Count; i++)
            {
                var room = left - ((long)(products.Count - i - 1) * BriefBytes);
                left -= WriteOne(json, side, scratch, text, products[i], i, room);
            }

            json.WriteEndArray();
        }
        finally
        {
            JsonBuffers.Return(scratch);
        }
    }

    /// <summary>Writes one product, briefly when its details do not fit; answers its bytes.</summary>
    private int WriteOne(Utf8JsonWriter json, Utf8JsonWriter side, ArrayBufferWriter<byte> scratch, StringBuilder text, Product product, int index, long room)
    {
        var start = text.Length;
        Draw(side, scratch, text, product, detail, index);
        if (scratch.WrittenCount + (text.Length - start) > room && detail != ProductDetail.Brief)
        {
            text.Length = start;
            Draw(side, scratch, text, product, ProductDetail.Brief, index);
            Shortened++;
        }

        json.WriteRawValue(scratch.WrittenSpan, skipInputValidation: true);
        return scratch.WrittenCount + (text.Length - start);
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
