using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Finds products by what a person asks for, filters, sorts, counts and pages.</summary>
internal sealed class SearchProductsTool(ICatalogIndex index, CatalogArgument catalogs, UnknownValues unknownValues) : ProductToolBase
{
    private const int MaxPageSize = 50;
    private const int FacetSize = 10;
    private const int CorrectedText = 200;

    /// <summary>Facets that were asked for get at least one part in so many of the room.</summary>
    private const int FacetShare = 4;

    private const string Icon = "M4 11a7 7 0 1 0 14 0a7 7 0 1 0-14 0M16 16l5 5";

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          "query": {"type": "string", "maxLength": 1000, "description": "What is looked for, in plain words. \"Quotes\" keep words together; 'without X' excludes. Leave out to list everything that passes the filters."},
          {{{{CatalogArgument.Schema}}}},
          {{{{FilterArguments.Schema}}}},
          "sort": {"type": "string", "enum": ["relevance", "price_asc", "price_desc", "rating", "newest"], "default": "relevance"},
          "page_size": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10},
          "cursor": {"type": "string", "minLength": 1, "maxLength": 2048, "description": "next_cursor of the page before; all other arguments must stay the same."},
          "facets": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}, "description": "Count these fields over all matches: {{{{FacetFields.Description}}}}"},
          "mode": {"type": "string", "enum": ["hybrid", "lexical", "vector"], "default": "hybrid", "description": "hybrid: words and meaning; lexical: words only; vector: meaning only."},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "total": {"type": "integer", "description": "How many products match by words and filters; products that are only near in meaning may follow them and are not counted."},
        "corrected_query": {"type": "string", "description": "The query as it was understood, when its spelling was corrected."},
        "degraded": {"type": "string", "description": "Why the answer is less than asked for."},
        {{{{UnknownValues.Schema}}}},
        "products": {"type": "array", "items": {{{{ProductView.Schema}}}} },
        {{{{ProductListWriter.Schema}}}},
        "facets": {{{{FacetView.Schema}}}},
        "next_cursor": {"type": "string", "description": "Present when there are more."}
        """;

    private static readonly ImmutableSortedDictionary<string, ProductSort> Sorts = new Dictionary<string, ProductSort>
    {
        ["relevance"] = ProductSort.Relevance,
        ["price_asc"] = ProductSort.PriceAscending,
        ["price_desc"] = ProductSort.PriceDescending,
        ["rating"] = ProductSort.Rating,
        ["newest"] = ProductSort.Newest,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, SearchMode> Modes = new Dictionary<string, SearchMode>
    {
        ["hybrid"] = SearchMode.Hybrid,
        ["lexical"] = SearchMode.Lexical,
        ["vector"] = SearchMode.Vector,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public override Tool Definition { get; } = ReadingTool.Define(
        "search_products",
        "Search products",
        "Finds products in the catalog by plain words and by meaning; only products the caller may see are found and counted. Put hard conditions (brand, price, "
        + "region, availability, category, specifications) into the filter arguments rather than into the query, and learn their values from list_facets or from "
        + "the facets argument. Every product has an id: quote it exactly to get_products or find_similar_products and when you name a product to a person. "
        + "When nothing is found, drop a filter or use fewer words.",
        Icon,
        InputSchema,
        ToolSchema.Answer(["catalog", "products"], Properties));

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var budget = AnswerBudget.Read(arguments);
        var query = new ProductQuery
        {
            Catalog = "",
            Text = arguments.Text("query", CatalogLimits.QueryCharacters) ?? "",
            Filters = FilterArguments.Read(arguments),
            Facets = FacetFields.Read(arguments, "facets", FacetSize),
            Sort = arguments.Choice("sort", Sorts, ProductSort.Relevance),
            Mode = arguments.Choice("mode", Modes, SearchMode.Hybrid),
            PageSize = arguments.Whole("page_size", 1, MaxPageSize, 10),
            Cursor = arguments.Text("cursor", 2_048) is not "" and var cursor ? cursor : throw new CatalogRequestException(CatalogErrors.InvalidCursor, "cursor", "empty"),
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        var page = await index.SearchAsync(caller.Scope, query, cancellationToken);
        await call.Feedback.DegradedAsync(page.Degraded, cancellationToken);
        var unknown = await unknownValues.FindAsync(caller.Scope, query.Catalog, query.Filters, "facets", query.Facets, cancellationToken);
        using var answer = new AnswerWriter(budget, call.TakesLinks);
        Write(answer, query, page, unknown);
        return answer.ToAnswer();
    }

    private static void Write(AnswerWriter answer, ProductQuery query, ProductPage page, ImmutableArray<UnknownValue> unknown)
    {
        var corrected = page.CorrectedText is { } understood ? SafeText.Shorten(understood, CorrectedText) : null;
        answer.Json.WriteString("catalog", query.Catalog);
        if (page.Total is { } total)
        {
            answer.Json.WriteNumber("total", total);
        }

        answer.Optional("corrected_query", corrected);
        answer.Optional("degraded", page.Degraded);
        answer.Optional("next_cursor", page.NextCursor);
        Heading(answer.Text, page, corrected);
        UnknownValues.Write(answer, unknown);
        var more = page.NextCursor is { } cursor ? $"More: call again with cursor {cursor}\n" : "";
        var list = new ProductListWriter(query.Catalog, ProductDetail.Compact);
        var products = page.Hits.Select(h => h.Product).OfType<Product>().ToList();
        list.Write(answer, products, keep: JsonSize.Of(more) + (page.Facets.IsEmpty ? 0 : answer.Left / FacetShare));
        if (!page.Facets.IsEmpty)
        {
            FacetView.Write(answer, UnknownValues.Known(page.Facets, "facets", unknown), keep: JsonSize.Of(more));
        }

        answer.Text.Append(more);
        list.Link(answer, products);
    }

    private static void Heading(StringBuilder text, ProductPage page, string? corrected)
    {
        if (page.Hits.IsEmpty)
        {
            text.Append("No product matches. Drop a filter or use fewer words; list_facets shows what can be filtered on.\n");
        }
        else if (page.Total == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"No product has these words; {page.Hits.Length} that are near in meaning are shown.\n");
        }
        else if (page.Total is { } total)
        {
            text.Append(CultureInfo.InvariantCulture, $"{total} products match; {page.Hits.Length} shown.\n");
        }

        if (corrected is not null)
        {
            text.Append("Searched for: ").Append(corrected).Append('\n');
        }

        if (page.Degraded is { } degraded)
        {
            text.Append("Less than asked for: ").Append(degraded).Append('\n');
        }
    }
}
