using System.Text.Json;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

public sealed class ArgumentTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string, string, string, string, string> Wrong => new()
    {
        { "search_products", """{"catalog":"sample","qurey":"tv"}""", "unknown_argument", "qurey", "did you mean 'query'" },
        { "search_products", """{"catalog":"sample","brand":["Auralis"]}""", "unknown_argument", "brand", "did you mean 'brands'" },
        { "search_products", """{"catalog":"sample","zzzzzz":1}""", "unknown_argument", "zzzzzz", "Allowed: " },
        { "search_products", """{"catalog":"sample","query":5}""", "invalid_argument", "query", "must be a string" },
        { "search_products", """{"catalog":"sample","page_size":"7"}""", "invalid_argument", "page_size", "whole number from 1 to 50" },
        { "search_products", """{"catalog":"sample","page_size":0}""", "invalid_argument", "page_size", "whole number from 1 to 50" },
        { "search_products", """{"catalog":"sample","page_size":51}""", "invalid_argument", "page_size", "whole number from 1 to 50" },
        { "search_products", """{"catalog":"sample","page_size":2.5}""", "invalid_argument", "page_size", "whole number" },
        { "search_products", """{"catalog":"sample","price_min":-1}""", "invalid_argument", "price_min", "from 0 to 1000000000000" },
        { "search_products", """{"catalog":"sample","price_max":1e308}""", "invalid_argument", "price_max", "from 0 to 1000000000000" },
        { "search_products", """{"catalog":"sample","sort":null}""", "invalid_argument", "sort", "leave it out" },
        { "search_products", """{"catalog":"sample","cursor":""}""", "invalid_cursor", "cursor", "without a cursor" },
        { "search_products", """{"catalog":"sample","price_min":"10"}""", "invalid_argument", "price_min", "number" },
        { "search_products", """{"catalog":"sample","price_min":10,"price_max":5}""", "invalid_argument", "price_max", "price_min" },
        { "search_products", """{"catalog":"sample","brands":"Auralis"}""", "invalid_argument", "brands", "list of strings" },
        { "search_products", """{"catalog":"sample","brands":[]}""", "invalid_argument", "brands", "leave it out" },
        { "search_products", """{"catalog":"sample","brands":[1]}""", "invalid_argument", "brands", "non-empty strings" },
        { "search_products", """{"catalog":"sample","availability":["sold"]}""", "invalid_argument", "availability", "in_stock" },
        { "search_products", """{"catalog":"sample","sort":"cheapest"}""", "invalid_argument", "sort", "price_asc" },
        { "search_products", """{"catalog":"sample","mode":"magic"}""", "invalid_argument", "mode", "hybrid" },
        { "search_products", """{"catalog":"sample","facets":["allowedGroups"]}""", "invalid_argument", "facets", "brand" },
        { "search_products", """{"catalog":"sample","facets":["access_level"]}""", "invalid_argument", "facets", "brand" },
        { "search_products", """{"catalog":"sample","facets":["restricted_regions"]}""", "invalid_argument", "facets", "brand" },
        { "search_products", """{"catalog":"sample","max_tokens":100}""", "invalid_argument", "max_tokens", "2000" },
        { "search_products", """{"catalog":"sample","cursor":"garbage"}""", "invalid_cursor", "cursor", "without a cursor" },
        { "search_products", """{"query":"tv"}""", "missing_argument", "catalog", "sample, second" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"color"}]}""", "missing_argument", "specifications[0].operator", "needed" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"color","operator":"like","values":["x"]}]}""", "invalid_argument", "specifications[0].operator", "equals" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"color","operator":"equals","values":["a","b"]}]}""", "invalid_argument", "specifications[0].values", "exactly one" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"color","operator":"range"}]}""", "invalid_argument", "specifications[0].operator", "min" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"color","operator":"exists","max":3}]}""", "invalid_argument", "specifications[0].max", "exists" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"color","operator":"exists","value":"x"}]}""", "unknown_argument", "specifications[0].value", "values" },
        { "get_products", """{"catalog":"sample"}""", "missing_argument", "ids", "needed" },
        { "get_products", """{"catalog":"sample","ids":[]}""", "invalid_argument", "ids", "must hold 1 to 20 values." },
        { "get_products", """{"catalog":"sample","ids":"e-01"}""", "invalid_argument", "ids", "list of strings" },
        { "find_similar_products", """{"catalog":"sample"}""", "missing_argument", "id", "needed" },
        { "list_facets", """{"catalog":"sample","values_per_field":101}""", "invalid_argument", "values_per_field", "100" },
        { "suggest_queries", """{"catalog":"sample","prefix":" "}""", "missing_argument", "prefix", "needed" },
        { "whoami", """{"as":"admin"}""", "unknown_argument", "as", "no argument" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Call_WrongArgument_NamesItAndSaysWhatToDo(string tool, string arguments, string code, string argument, string hint)
    {
        var result = (await server.CallAsync(server.Administrator, tool, arguments)).GetProperty("result");
        var error = result.GetProperty("structuredContent").GetProperty("error");

        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(argument, error.GetProperty("argument").GetString());
        Assert.Contains(hint, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(code, result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Filters => new()
    {
        { """{"category":"Home"}""", "h-,poison-1" },
        { """{"category":"Home > Tables"}""", "h-" },
        { """{"brands":["auralis"]}""", "e-" },
        { """{"price_min":100,"price_max":101}""", "h-00,h-01" },
        { """{"specifications":[{"name":"color","operator":"equals","values":["Black"]},{"name":"spec.battery","operator":"range","min":10,"max":12}]}""", "e-00,e-02" },
        { """{"specifications":[{"name":"color","operator":"exists"}],"price_max":50}""", "e-00" },
        { """{"regions":["US"],"category":"Electronics","price_max":51}""", "e-01" },
        { """{"availability":["out_of_stock"]}""", "" },
        // A specification of that name, not the built-in field of the access rules.
        { """{"specifications":[{"name":"allowedgroups","operator":"exists"}]}""", "" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Search_Filters_Narrow(string arguments, string prefixes)
    {
        var result = (await server.CallAsync(server.Administrator, "search_products", arguments[..^1] + ""","catalog":"sample","page_size":50}""")).GetProperty("result");
        var ids = result.GetProperty("structuredContent").GetProperty("products").EnumerateArray().Select(p => p.GetProperty("id").GetString()!).ToList();
        var allowed = prefixes.Split(',', StringSplitOptions.RemoveEmptyEntries);

        Assert.False(result.GetProperty("isError").GetBoolean(), result.GetRawText());
        Assert.All(ids, id => Assert.Contains(allowed, p => id.StartsWith(p, StringComparison.Ordinal)));
        Assert.Equal(allowed.Length == 0, ids.Count == 0);
    }

    [Fact]
    public async Task Search_Cursor_WalksEveryMatchOnce()
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var part = cursor is null ? "" : $",\"cursor\":{JsonSerializer.Serialize(cursor)}";
            var page = (await server.CallAsync(server.Europe, "search_products", $$"""{"catalog":"sample","page_size":7{{part}}}""")).GetProperty("result").GetProperty("structuredContent");
            seen.AddRange(page.GetProperty("products").EnumerateArray().Select(p => p.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(server.Index.Visible(server.ScopeOf(server.Europe), "sample").Select(p => p.Id).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Search_OnlyOneCatalogVisible_NeedsNoCatalog()
    {
        var result = (await server.CallAsync(server.OtherCatalog, "search_products", """{"query":"chair"}""")).GetProperty("result");

        Assert.Equal("second", result.GetProperty("structuredContent").GetProperty("catalog").GetString());
    }
}
