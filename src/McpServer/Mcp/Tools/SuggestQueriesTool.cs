using System.Globalization;
using System.Text;
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
          "prefix": {"type": "string", "minLength": 1, "maxLength": 200, "description": "What has been typed so far."},
          {{{{CatalogArgument.Schema}}}},
          "size": {"type": "integer", "minimum": 1, "maximum": 20, "default": 8}}}
        """;

    private const string OutputSchema = """
        {"type": "object", "required": ["catalog", "suggestions"], "properties": {
          "catalog": {"type": "string"},
          "suggestions": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["text", "kind", "count"], "properties": {
            "text": {"type": "string"},
            "kind": {"type": "string", "description": "term, brand, class or product."},
            "count": {"type": "integer", "description": "How many visible products it stands for."}}}}}}
        """;

    public override Tool Definition { get; } = Define(
        "suggest_queries",
        "Suggest queries",
        "Completes the beginning of a query into words, brands, product classes and product names that each find at least one product for this caller.",
        InputSchema,
        OutputSchema);

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var query = new SuggestQuery
        {
            Catalog = "",
            Prefix = arguments.RequiredText("prefix", MaxPrefix),
            Size = arguments.Whole("size", 1, CatalogLimits.Suggestions, 8),
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        return Answer(query.Catalog, await index.SuggestAsync(caller.Scope, query, cancellationToken));
    }

    private static ToolAnswer Answer(string catalog, IReadOnlyList<Suggestion> suggestions)
    {
        var text = new StringBuilder(256);
        var json = ToolJson.Write((catalog, suggestions, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WriteString("catalog", a.catalog);
            json.WriteStartArray("suggestions");
            foreach (var suggestion in a.suggestions)
            {
                var shown = SafeText.Shorten(suggestion.Text, SuggestionText);
                json.WriteStartObject();
                json.WriteString("text", shown);
                json.WriteString("kind", suggestion.Kind);
                json.WriteNumber("count", suggestion.Count);
                json.WriteEndObject();
                a.text.Append(CultureInfo.InvariantCulture, $"{shown} ({suggestion.Kind}, {suggestion.Count})\n");
            }

            json.WriteEndArray();
            json.WriteEndObject();
            if (a.suggestions.Count == 0)
            {
                a.text.Append("No completion finds anything.\n");
            }
        });
        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
