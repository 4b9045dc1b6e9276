using System.Text;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Answers products by id with all their details.</summary>
internal sealed class GetProductsTool(ICatalogIndex index, CatalogArgument catalogs) : ProductToolBase
{
    private const int MaxIds = 20;
    private const int MaxIdLength = 512;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["ids"], "properties": {
          "ids": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "minLength": 1, "maxLength": 512}, "description": "Product ids exactly as other tools gave them."},
          {{{{CatalogArgument.Schema}}}},
          "max_tokens": {"type": "integer", "minimum": 2000, "maximum": 25000, "default": 20000, "description": "Rough size of the answer; products past it come without details."}}}
        """;

    private const string OutputSchema = $$$$"""
        {"type": "object", "required": ["catalog", "products", "not_found"], "properties": {
          "catalog": {"type": "string"},
          "products": {"type": "array", "items": {{{{ProductView.Schema}}}} },
          "not_found": {"type": "array", "items": {"type": "string"}, "description": "Ids of the request that name no product."},
          "shortened": {"type": "integer", "description": "Products without details for want of room: ask for fewer at once."}}}
        """;

    public override Tool Definition { get; } = Define(
        "get_products",
        "Get products",
        "Answers up to 20 products by id, with full description and every specification, in the order asked for. Use it to compare products or to check a detail "
        + "before you state it. Ids come from search_products and find_similar_products.",
        InputSchema,
        OutputSchema);

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var ids = arguments.RequiredTexts("ids", MaxIds, MaxIdLength);
        var budget = arguments.Whole("max_tokens", ProductListWriter.MinTokens, ProductListWriter.MaxTokens, ProductListWriter.DefaultTokens);
        var catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken);
        var wanted = ids.Distinct(StringComparer.Ordinal).ToList();
        var products = await index.GetAsync(caller.Scope, catalog, wanted, cancellationToken);
        return Answer(catalog, wanted, products, budget);
    }

    private static ToolAnswer Answer(string catalog, List<string> wanted, IReadOnlyList<Product> products, int budget)
    {
        var text = new StringBuilder(1_024);
        var found = products.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var missing = wanted.Where(id => !found.Contains(id)).ToList();
        var json = ToolJson.Write((catalog, products, missing, budget, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WriteString("catalog", a.catalog);
            var list = new ProductListWriter(a.budget, ProductDetail.Full);
            list.Write(json, a.text, a.products);
            json.WriteStartArray("not_found");
            foreach (var id in a.missing)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
            if (list.Shortened > 0)
            {
                json.WriteNumber("shortened", list.Shortened);
            }

            json.WriteEndObject();
            if (a.missing.Count > 0)
            {
                a.text.Append("Not found: ").AppendJoin(", ", a.missing.Select(SafeText.Clean)).Append('\n');
            }
        });
        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
