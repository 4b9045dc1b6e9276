using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Finds products by what a person asks for, filters, sorts, counts and pages.</summary>
internal sealed class SearchProductsTool(ICatalogIndex index, CatalogArgument catalogs) : ProductToolBase
{
    private const int MaxPageSize = 50;
    private const int FacetSize = 10;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          "query": {"type": "string", "maxLength": 1000, "description": "What is looked for, in plain words. \"Quotes\" keep words together; 'without X' excludes. Leave out to list everything that passes the filters."},
          {{{{CatalogArgument.Schema}}}},
          {{{{FilterArguments.Schema}}}},
          "sort": {"type": "string", "enum": ["relevance", "price_asc", "price_desc", "rating", "newest"], "default": "relevance"},
          "page_size": {"type": "integer", "minimum": 1, "maximum": 50, "default": 10},
          "cursor": {"type": "string", "maxLength": 2048, "description": "next_cursor of the page before; all other arguments must stay the same."},
          "facets": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string", "minLength": 1, "maxLength": 200}, "description": "Count these fields over all matches: {{{{FacetFields.Description}}}}"},
          "mode": {"type": "string", "enum": ["hybrid", "lexical", "vector"], "default": "hybrid", "description": "hybrid: words and meaning; lexical: words only; vector: meaning only."},
          "max_tokens": {"type": "integer", "minimum": 2000, "maximum": 25000, "default": 20000, "description": "Rough size of the answer; products past it come without details."}}}
        """;

    private const string OutputSchema = $$$$"""
        {"type": "object", "required": ["catalog", "products"], "properties": {
          "catalog": {"type": "string"},
          "total": {"type": "integer", "description": "How many products match by words and filters; products that are only near in meaning may follow them and are not counted."},
          "products": {"type": "array", "items": {{{{ProductView.Schema}}}} },
          "facets": {{{{FacetView.Schema}}}},
          "next_cursor": {"type": "string", "description": "Present when there are more."},
          "corrected_query": {"type": "string", "description": "The query as it was understood, when its spelling was corrected."},
          "degraded": {"type": "string", "description": "Why the answer is less than asked for."},
          "shortened": {"type": "integer", "description": "Products without details for want of room; get_products has them."}}}
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

    public override Tool Definition { get; } = Define(
        "search_products",
        "Search products",
        "Finds products in the catalog by plain words and by meaning; only products the caller may see are found and counted. Put hard conditions (brand, price, "
        + "region, availability, category, specifications) into the filter arguments rather than into the query, and learn their values from list_facets or from "
        + "the facets argument. Every product has an id: quote it exactly to get_products or find_similar_products and when you name a product to a person. "
        + "When nothing is found, drop a filter or use fewer words.",
        InputSchema,
        OutputSchema);

    public override async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var budget = arguments.Whole("max_tokens", ProductListWriter.MinTokens, ProductListWriter.MaxTokens, ProductListWriter.DefaultTokens);
        var query = new ProductQuery
        {
            Catalog = "",
            Text = arguments.Text("query", CatalogLimits.QueryCharacters) ?? "",
            Filters = FilterArguments.Read(arguments),
            Facets = FacetFields.Read(arguments, "facets", FacetSize),
            Sort = arguments.Choice("sort", Sorts, ProductSort.Relevance),
            Mode = arguments.Choice("mode", Modes, SearchMode.Hybrid),
            PageSize = arguments.Whole("page_size", 1, MaxPageSize, 10),
            Cursor = arguments.Text("cursor", 2_048),
        };
        query = query with { Catalog = await catalogs.ReadAsync(caller.Scope, arguments, cancellationToken) };
        return Answer(query, await index.SearchAsync(caller.Scope, query, cancellationToken), budget);
    }

    private static ToolAnswer Answer(ProductQuery query, ProductPage page, int budget)
    {
        var text = TextBuffers.Rent();
        try
        {
            var json = Write(query, page, budget, text);
            return new ToolAnswer(json, text.ToString(), IsError: false);
        }
        finally
        {
            TextBuffers.Return(text);
        }
    }

    private static ReadOnlyMemory<byte> Write(ProductQuery query, ProductPage page, int budget, StringBuilder text) =>
        ToolJson.Write((query, page, budget, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WriteString("catalog", a.query.Catalog);
            Heading(a.text, a.page);
            if (a.page.Total is { } total)
            {
                json.WriteNumber("total", total);
            }

            var list = new ProductListWriter(a.budget, ProductDetail.Compact);
            list.Write(json, a.text, [.. a.page.Hits.Select(h => h.Product).OfType<Product>()]);
            if (!a.page.Facets.IsEmpty)
            {
                FacetView.Write(json, a.text, a.page.Facets);
            }

            Optional("next_cursor", a.page.NextCursor);
            Optional("corrected_query", a.page.CorrectedText is { } corrected ? SafeText.Clean(corrected) : null);
            Optional("degraded", a.page.Degraded);
            if (list.Shortened > 0)
            {
                json.WriteNumber("shortened", list.Shortened);
                a.text.Append(CultureInfo.InvariantCulture, $"{list.Shortened} products are shown without details; get_products has them.\n");
            }

            if (a.page.NextCursor is { } cursor)
            {
                a.text.Append("More: call again with cursor ").Append(cursor).Append('\n');
            }

            json.WriteEndObject();

            void Optional(string name, string? value)
            {
                if (value is not null)
                {
                    json.WriteString(name, value);
                }
            }
        });

    private static void Heading(StringBuilder text, ProductPage page)
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

        if (page.CorrectedText is { } corrected)
        {
            text.Append("Searched for: ").Append(SafeText.Clean(corrected)).Append('\n');
        }

        if (page.Degraded is { } degraded)
        {
            text.Append("Less than asked for: ").Append(degraded).Append('\n');
        }
    }
}
