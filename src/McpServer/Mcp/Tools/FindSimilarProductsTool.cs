using System.Text;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Finds products like a given one.</summary>
internal sealed class FindSimilarProductsTool(ICatalogIndex index, CatalogArgument catalogs) : ProductToolBase
{
    private const int MaxSize = 50;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {
          "id": {"type": "string", "minLength": 1, "maxLength": 512, "description": "Id of the product to compare with, exactly as another tool gave it."},
          {{{{CatalogArgument.Schema}}}},
          {{{{FilterArguments.Schema}}}},
          "size": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}}}
        """;

    private const string OutputSchema = $$$$"""
        {"type": "object", "required": ["catalog", "products"], "properties": {
          "catalog": {"type": "string"},
          "products": {"type": "array", "items": {{{{ProductView.Schema}}}} },
          "degraded": {"type": "string", "description": "Why the answer is less than asked for."},
          "shortened": {"type": "integer", "description": "Products without details for want of room; get_products has them."}}}
        """;

    public override Tool Definition { get; } = Define(
        "find_similar_products",
        "Find similar products",
        "Answers products like a given one, best first, without the product itself. Use the filters to look for an alternative that is cheaper, in stock, or sold in a region.",
        InputSchema,
        OutputSchema);

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var query = new SimilarQuery
        {
            Catalog = "",
            Id = arguments.RequiredText("id", 512),
            Filters = FilterArguments.Read(arguments),
            Size = arguments.Whole("size", 1, MaxSize, 10),
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        return Answer(query, await index.FindSimilarAsync(caller.Scope, query, cancellationToken));
    }

    private static ToolAnswer Answer(SimilarQuery query, ProductPage page)
    {
        var text = new StringBuilder(1_024);
        var json = ToolJson.Write((query, page, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WriteString("catalog", a.query.Catalog);
            a.text.Append(a.page.Hits.IsEmpty ? "Nothing similar. Drop a filter.\n" : $"Like {SafeText.Clean(a.query.Id)}:\n");
            var list = new ProductListWriter(ProductListWriter.DefaultTokens, ProductDetail.Compact);
            list.Write(json, a.text, [.. a.page.Hits.Select(h => h.Product).OfType<Product>()]);
            if (a.page.Degraded is { } degraded)
            {
                json.WriteString("degraded", degraded);
            }

            if (list.Shortened > 0)
            {
                json.WriteNumber("shortened", list.Shortened);
            }

            json.WriteEndObject();
        });
        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
