using System.Globalization;
using System.Text;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Tells which values filters can take, with counts.</summary>
internal sealed class ListFacetsTool(ICatalogIndex index, CatalogArgument catalogs) : ProductToolBase
{
    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          {{{{CatalogArgument.Schema}}}},
          "fields": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string", "minLength": 1, "maxLength": 200}, "description": "Fields to count; leave out for an overview of all. {{{{FacetFields.Description}}}}"},
          "values_per_field": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
          "query": {"type": "string", "maxLength": 1000, "description": "Count only among products matching these words."},
          {{{{FilterArguments.Schema}}}} }}
        """;

    private const string OutputSchema = $$$$"""
        {"type": "object", "required": ["catalog", "total", "facets"], "properties": {
          "catalog": {"type": "string"},
          "total": {"type": "integer", "description": "How many products were counted."},
          "facets": {{{{FacetView.Schema}}}} }}
        """;

    public override Tool Definition { get; } = Define(
        "list_facets",
        "List filter values",
        "Tells which brands, categories, regions, availabilities, price range and specifications there are among the products the caller may see, with counts. "
        + "Call it before you filter, so that the filter uses values that exist; narrow it with a query or with filters to see what is left to choose from.",
        InputSchema,
        OutputSchema);

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var size = arguments.Whole("values_per_field", 1, CatalogLimits.FacetValues, 10);
        var query = new FacetQuery
        {
            Catalog = "",
            Facets = FacetFields.Read(arguments, "fields", size),
            Filters = FilterArguments.Read(arguments),
            Text = arguments.Text("query", CatalogLimits.QueryCharacters) ?? "",
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        return Answer(query.Catalog, await index.ListFacetsAsync(caller.Scope, query, cancellationToken));
    }

    private static ToolAnswer Answer(string catalog, FacetOverview overview)
    {
        var text = new StringBuilder(1_024);
        var json = ToolJson.Write((catalog, overview, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WriteString("catalog", a.catalog);
            json.WriteNumber("total", a.overview.Total);
            a.text.Append(CultureInfo.InvariantCulture, $"{a.overview.Total} products counted.\n");
            FacetView.Write(json, a.text, a.overview.Facets);
            json.WriteEndObject();
        });
        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
