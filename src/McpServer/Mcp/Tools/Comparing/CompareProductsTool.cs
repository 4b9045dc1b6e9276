using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Comparing;

/// <summary>Sets products side by side.</summary>
internal sealed class CompareProductsTool(ICatalogIndex index, CatalogArgument catalogs) : ProductToolBase
{
    private const int MinIds = 2;
    private const int MaxIds = 10;
    private const int NoteBytes = 200;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["ids"], "properties": {
          "ids": {"type": "array", "minItems": 2, "maxItems": 10, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 512}, "description": "Product ids exactly as other tools gave them."},
          {{{{CatalogArgument.Schema}}}},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "not_found": {{{{NotFoundIds.Schema}}}},
        "products": {"type": "array", "description": "The products compared: the columns.", "items": {{{{ProductView.Schema}}}} },
        {{{{ProductListWriter.Schema}}}},
        "rows": {"type": "array", "description": "The attributes, those in which the products differ first.", "items": {"type": "object", "additionalProperties": false, "required": ["name", "differs", "values"], "properties": {
          "name": {"type": "string", "description": "price, availability, rating, brand, class, category, regions, released, or a specification; 'spec.NAME' where a specification has one of these names."},
          "differs": {"type": "boolean", "description": "Whether a product has another value, another unit, or does not state it."},
          "unit": {"type": "string", "description": "The unit of every number in the row. Numbers with different units are never converted."},
          "values": {"type": "array", "items": {"type": ["string", "null"]}, "description": "One for each of products, in its order; null: not stated, which is not the same as no."} } } },
        "rows_omitted": {"type": "integer", "description": "Attributes left out for want of room: compare fewer products, or raise max_tokens."}
        """;

    public override Tool Definition { get; } = ReadingTool.Define(
        "compare_products",
        "Compare products",
        "Sets 2 to 10 products side by side: a table of price, availability, rating and every specification, with the ones in which they differ first. "
        + "Use it when a person is choosing between products that search_products or find_similar_products found. What a product does not state is null: say so rather than guess.",
        "M5 4h5v16H5zM14 4h5v16h-5z",
        InputSchema,
        ToolSchema.Answer(["catalog", "products", "rows", "not_found"], Properties));

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var wanted = arguments.RequiredTexts("ids", MaxIds, CatalogLimits.IdBytes).Distinct(StringComparer.Ordinal).ToList();
        if (wanted.Count < MinIds)
        {
            throw arguments.Fault("ids", $"must hold {MinIds} to {MaxIds} different ids; get_products shows a single product");
        }

        var budget = AnswerBudget.Read(arguments);
        var catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken);
        var products = await index.GetAsync(caller.Scope, catalog, wanted, cancellationToken);
        using var answer = new AnswerWriter(budget, call.TakesLinks);
        answer.Json.WriteString("catalog", catalog);
        NotFoundIds.Write(answer, wanted, products);
        var list = new ProductListWriter(catalog, ProductDetail.Named);
        list.Write(answer, products, keep: answer.Left / 2);
        WriteRows(answer, ProductComparison.Rows([.. products.Take(list.Written)]));
        list.Link(answer, products);
        return answer.ToAnswer();
    }

    private static void WriteRows(AnswerWriter answer, List<ComparisonRow> rows)
    {
        var omitted = 0;
        answer.Json.WriteStartArray("rows");
        foreach (var row in rows)
        {
            omitted += answer.TryAdd(row, NoteBytes, Draw) ? 0 : 1;
        }

        answer.Json.WriteEndArray();
        answer.Optional("rows_omitted", omitted);
        if (omitted > 0)
        {
            answer.Text.Append(omitted).Append(" more attributes did not fit: compare fewer products, or raise max_tokens.\n");
        }
    }

    private static void Draw(Utf8JsonWriter json, StringBuilder text, ComparisonRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteBoolean("differs", row.Differs);
        if (row.Unit is not null)
        {
            json.WriteString("unit", row.Unit);
        }

        json.WriteStartArray("values");
        foreach (var value in row.Values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        text.Append(Cell(row.Name)).Append(": ");
        if (row.Differs)
        {
            text.AppendJoin(" | ", row.Values.Select(v => v is null ? "–" : Cell(v))).Append('\n');
        }
        else
        {
            text.Append(Cell(row.Values[0]!)).Append(row.Values.Length > 1 ? " (all)\n" : "\n");
        }
    }

    /// <summary>A text of the catalog must not make a column of its own.</summary>
    private static string Cell(string text) => text.Replace('|', '¦');
}
