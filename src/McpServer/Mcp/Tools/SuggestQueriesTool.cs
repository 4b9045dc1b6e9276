using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Completes what is being typed.</summary>
internal sealed class SuggestQueriesTool(ICatalogIndex index, CatalogArgument catalogs) : ProductToolBase
{
    private const int MaxPrefix = 200;
    private const int SuggestionText = 300;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["prefix"], "properties": {
          "prefix": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200, "description": "What has been typed so far."},
          {{{{CatalogArgument.Schema}}}},
          "size": {"type": "integer", "minimum": 1, "maximum": 20, "default": 8},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = """
        "catalog": {"type": "string"},
        "suggestions": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["text", "kind", "count"], "properties": {
          "text": {"type": "string"},
          "kind": {"type": "string", "description": "term, brand, class or product."},
          "count": {"type": "integer", "description": "How many visible products it stands for."}}}}
        """;

    public override Tool Definition { get; } = ReadingTool.Define(
        "suggest_queries",
        "Suggest queries",
        "Completes the beginning of a query into words, brands, product classes and product names that each find at least one product for this caller. Use it when a search finds nothing, or while a person is typing.",
        "M4 17l6-5l-6-5M12 19h8",
        InputSchema,
        ToolSchema.Answer(["catalog", "suggestions"], Properties));

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var budget = AnswerBudget.Read(arguments);
        var query = new SuggestQuery
        {
            Catalog = "",
            Prefix = arguments.RequiredText("prefix", MaxPrefix),
            Size = arguments.Whole("size", 1, CatalogLimits.Suggestions, 8),
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        var suggestions = await index.SuggestAsync(caller.Scope, query, cancellationToken);
        using var answer = new AnswerWriter(budget, call.TakesLinks);
        answer.Json.WriteString("catalog", query.Catalog);
        answer.Json.WriteStartArray("suggestions");
        foreach (var suggestion in suggestions)
        {
            answer.TryAdd(suggestion, keep: 0, Draw);
        }

        answer.Json.WriteEndArray();
        answer.Text.Append(suggestions.Count == 0 ? "No completion finds anything.\n" : "");
        return answer.ToAnswer();
    }

    private static void Draw(Utf8JsonWriter json, StringBuilder text, Suggestion suggestion)
    {
        var shown = SafeText.Shorten(suggestion.Text, SuggestionText);
        json.WriteStartObject();
        json.WriteString("text", shown);
        json.WriteString("kind", suggestion.Kind);
        json.WriteNumber("count", suggestion.Count);
        json.WriteEndObject();
        text.Append(CultureInfo.InvariantCulture, $"{shown} ({suggestion.Kind}, {suggestion.Count})\n");
    }
}
