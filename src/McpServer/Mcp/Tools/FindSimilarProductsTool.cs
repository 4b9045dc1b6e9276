using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Finds products like a given one.</summary>
internal sealed class FindSimilarProductsTool(ICatalogIndex index, CatalogArgument catalogs, UnknownValues unknownValues) : ProductToolBase
{
    private const int MaxSize = 50;
    private const int IdText = 100;
    private const string Icon = "M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0M11 16a5 5 0 1 0 10 0a5 5 0 1 0-10 0";

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {
          "id": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 512, "description": "Id of the product to compare with, exactly as another tool gave it."},
          {{{{CatalogArgument.Schema}}}},
          {{{{FilterArguments.Schema}}}},
          "size": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "degraded": {"type": "string", "description": "Why the answer is less than asked for."},
        {{{{UnknownValues.Schema}}}},
        "products": {"type": "array", "items": {{{{ProductView.Schema}}}} },
        {{{{ProductListWriter.Schema}}}}
        """;

    public override Tool Definition { get; } = ReadingTool.Define(
        "find_similar_products",
        "Find similar products",
        "Answers products like a given one, best first, without the product itself. Use the filters to look for an alternative that is cheaper, in stock, or sold in a region.",
        Icon,
        InputSchema,
        ToolSchema.Answer(["catalog", "products"], Properties));

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var budget = AnswerBudget.Read(arguments);
        var query = new SimilarQuery
        {
            Catalog = "",
            Id = arguments.RequiredText("id", CatalogLimits.IdBytes),
            Filters = FilterArguments.Read(arguments),
            Size = arguments.Whole("size", 1, MaxSize, 10),
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        var page = await index.FindSimilarAsync(caller.Scope, query, cancellationToken);
        await call.Feedback.DegradedAsync(page.Degraded, cancellationToken);
        var unknown = await unknownValues.FindAsync(caller.Scope, query.Catalog, query.Filters, "", [], cancellationToken);
        using var answer = new AnswerWriter(budget, call.TakesLinks);
        answer.Json.WriteString("catalog", query.Catalog);
        answer.Optional("degraded", page.Degraded);
        answer.Text.Append(page.Hits.IsEmpty ? "Nothing similar. Drop a filter.\n" : $"Like {SafeText.Shorten(query.Id, IdText)}:\n");
        UnknownValues.Write(answer, unknown);
        var list = new ProductListWriter(query.Catalog, ProductDetail.Compact);
        var products = page.Hits.Select(h => h.Product).OfType<Product>().ToList();
        list.Write(answer, products);
        list.Link(answer, products);
        return answer.ToAnswer();
    }
}
