using System.Globalization;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Tells which values filters can take, with counts.</summary>
internal sealed class ListFacetsTool(ICatalogIndex index, CatalogArgument catalogs, UnknownValues unknownValues) : ProductToolBase
{
    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          {{{{CatalogArgument.Schema}}}},
          "fields": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}, "description": "Fields to count; leave out for an overview of all. {{{{FacetFields.Description}}}}"},
          "values_per_field": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
          "query": {"type": "string", "maxLength": 1000, "description": "Count only among products matching these words."},
          {{{{FilterArguments.Schema}}}},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "total": {"type": "integer", "description": "How many products were counted."},
        {{{{UnknownValues.Schema}}}},
        "facets": {{{{FacetView.Schema}}}}
        """;

    public override Tool Definition { get; } = ReadingTool.Define(
        "list_facets",
        "List filter values",
        "Tells which brands, categories, regions, availabilities, price range and specifications there are among the products the caller may see, with counts. "
        + "Call it before you filter, so that the filter uses values that exist; narrow it with a query or with filters to see what is left to choose from.",
        "M4 5h16M7 12h10M10 19h4",
        InputSchema,
        ToolSchema.Answer(["catalog", "total", "facets"], Properties));

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var budget = AnswerBudget.Read(arguments);
        var size = arguments.Whole("values_per_field", 1, CatalogLimits.FacetValues, 10);
        var query = new FacetQuery
        {
            Catalog = "",
            Facets = FacetFields.Read(arguments, "fields", size),
            Filters = FilterArguments.Read(arguments),
            Text = arguments.Text("query", CatalogLimits.QueryCharacters) ?? "",
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        var overview = await index.ListFacetsAsync(caller.Scope, query, cancellationToken);
        var unknown = await unknownValues.FindAsync(caller.Scope, query.Catalog, query.Filters, "fields", query.Facets, cancellationToken);
        using var answer = new AnswerWriter(budget, call.TakesLinks);
        answer.Json.WriteString("catalog", query.Catalog);
        answer.Json.WriteNumber("total", overview.Total);
        answer.Text.Append(CultureInfo.InvariantCulture, $"{overview.Total} products counted.\n");
        UnknownValues.Write(answer, unknown);
        FacetView.Write(answer, UnknownValues.Known(overview.Facets, "fields", unknown));
        return answer.ToAnswer();
    }
}
