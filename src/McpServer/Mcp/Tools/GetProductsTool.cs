using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Answers products by id with all their details.</summary>
internal sealed class GetProductsTool(ICatalogIndex index, CatalogArgument catalogs) : ProductToolBase
{
    private const int MaxIds = 20;
    private const string Icon = "M3 7l9-4l9 4v10l-9 4l-9-4zM3 7l9 4l9-4M12 11v10";

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["ids"], "properties": {
          "ids": {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 512}, "description": "Product ids exactly as other tools gave them."},
          {{{{CatalogArgument.Schema}}}},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "products": {"type": "array", "items": {{{{ProductView.Schema}}}} },
        {{{{ProductListWriter.Schema}}}},
        "not_found": {{{{NotFoundIds.Schema}}}}
        """;

    public override Tool Definition { get; } = ReadingTool.Define(
        "get_products",
        "Get products",
        "Answers up to 20 products by id, with full description and every specification, in the order asked for. Use it to check a detail "
        + "before you state it; to set products side by side use compare_products. Ids come from search_products and find_similar_products.",
        Icon,
        InputSchema,
        ToolSchema.Answer(["catalog", "products", "not_found"], Properties));

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var ids = arguments.RequiredTexts("ids", MaxIds, CatalogLimits.IdBytes);
        var budget = AnswerBudget.Read(arguments);
        var catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken);
        var wanted = ids.Distinct(StringComparer.Ordinal).ToList();
        var products = await index.GetAsync(caller.Scope, catalog, wanted, cancellationToken);
        using var answer = new AnswerWriter(budget, call.TakesLinks);
        answer.Json.WriteString("catalog", catalog);
        NotFoundIds.Write(answer, wanted, products);
        var list = new ProductListWriter(catalog, ProductDetail.Full);
        list.Write(answer, products);
        list.Link(answer, products);
        return answer.ToAnswer();
    }
}
