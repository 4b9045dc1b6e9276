using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>Two servers, one with a product the caller may not see and one without it: no call may tell them apart. Over the oracle and over the real engine.</summary>
public abstract class ForbiddenEqualsMissingTests : IAsyncLifetime
{
    private static readonly Dictionary<string, IReadOnlyList<Product>> WithoutSecret = new()
    {
        [TestCatalog.Name] = [.. TestCatalog.Products.Where(p => p.Id != TestCatalog.SecretId)],
        [TestCatalog.Second] = TestCatalog.SecondProducts,
    };

    private TestServer _with = new();
    private TestServer _without = new();

    public static TheoryData<string, string> Calls => new()
    {
        { "search_products", """{"catalog":"sample","query":"zephyrine"}""" },
        { "search_products", """{"catalog":"sample","query":"headphones","page_size":3,"sort":"price_desc","facets":["brand","price","spec.codename"]}""" },
        { "search_products", """{"catalog":"sample","brands":["Mystique"]}""" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"codename","operator":"exists"}]}""" },
        { "search_products", """{"catalog":"sample","price_min":900}""" },
        { "get_products", """{"catalog":"sample","ids":["secret-1"]}""" },
        { "get_products", """{"catalog":"sample","ids":["e-02","secret-1","e-01"]}""" },
        { "find_similar_products", """{"catalog":"sample","id":"secret-1"}""" },
        { "find_similar_products", """{"catalog":"sample","id":"e-02","size":50}""" },
        { "list_facets", """{"catalog":"sample","values_per_field":100}""" },
        { "list_facets", """{"catalog":"sample","fields":["spec.codename","brand"],"query":"zephyrine"}""" },
        { "suggest_queries", """{"catalog":"sample","prefix":"zep"}""" },
        { "suggest_queries", """{"catalog":"sample","prefix":"unr"}""" },
        { "search_products", """{"catalog":"sample","brands":["Mystiqe"]}""" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"codenam","operator":"exists"}]}""" },
        { "search_products", """{"catalog":"sample","specifications":[{"name":"codename","operator":"in","values":["zephyrin"]}]}""" },
        { "search_products", """{"catalog":"sample","facets":["spec.codename"]}""" },
        { "find_similar_products", """{"catalog":"sample","id":"e-02","brands":["mystique"]}""" },
        { "list_facets", """{"catalog":"sample","fields":["spec.codenames"]}""" },
        { "compare_products", """{"catalog":"sample","ids":["e-02","secret-1"]}""" },
        { "compare_products", """{"catalog":"sample","ids":["secret-1","no-such-1"]}""" },
        { "explain_access", """{"catalog":"sample","id":"secret-1","groups":["partners"]}""" },
        { "whoami", "{}" },
    };

    public async Task InitializeAsync()
    {
        var with = await IndexAsync(TestCatalog.All);
        var without = await IndexAsync(WithoutSecret);
        _with = new TestServer(services => services.AddSingleton(with));
        _without = new TestServer(services => services.AddSingleton(without));
        await _with.InitializeAsync();
        await _without.InitializeAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await _with.DisposeAsync();
        await _without.DisposeAsync();
    }

    internal abstract Task<ICatalogIndex> IndexAsync(IReadOnlyDictionary<string, IReadOnlyList<Product>> catalogs);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_AboutAForbiddenProduct_AnswersAsIfItWereMissing(string tool, string arguments)
    {
        foreach (var key in (string[])[_with.Europe, _with.America, _with.Partner])
        {
            var with = await _with.CallAsync(key, tool, arguments);
            var without = await _without.CallAsync(key, tool, arguments);

            Assert.Equal(WithoutDigest(without), WithoutDigest(with));
        }

        var seen = await _with.CallAsync(_with.Administrator, tool, arguments);
        var unseen = await _without.CallAsync(_without.Administrator, tool, arguments);
        // The product does make a difference to whoever may see it: the comparison above can fail.
        Assert.NotEqual(unseen.GetRawText(), seen.GetRawText());
    }

    [Fact]
    public async Task Error_OfAForbiddenAndAMissingProduct_IsTheSame()
    {
        var forbidden = await _with.CallAsync(_with.Europe, "find_similar_products", """{"catalog":"sample","id":"secret-1"}""");
        var missing = await _with.CallAsync(_with.Europe, "find_similar_products", """{"catalog":"sample","id":"no-such-1"}""");

        Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        Assert.Equal("not_found", forbidden.GetProperty("result").GetProperty("structuredContent").GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("search_products", "{}")]
    [InlineData("get_products", """{"ids":["s-1"]}""")]
    [InlineData("find_similar_products", """{"id":"s-1"}""")]
    [InlineData("compare_products", """{"ids":["s-1","s-2"]}""")]
    [InlineData("list_facets", "{}")]
    [InlineData("suggest_queries", """{"prefix":"g"}""")]
    public async Task Error_OfAForbiddenAndAMissingCatalog_IsTheSame(string tool, string arguments)
    {
        var forbidden = await _with.CallAsync(_with.OtherCatalog, tool, WithCatalog(arguments, "sample"));
        var missing = await _with.CallAsync(_with.OtherCatalog, tool, WithCatalog(arguments, "nosuch"));

        Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        Assert.Contains("unknown_catalog", forbidden.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursor_OfAnotherCaller_IsRefusedLikeGarbage()
    {
        var first = await _with.CallAsync(_with.Administrator, "search_products", """{"catalog":"sample","page_size":2}""");
        var cursor = first.GetProperty("result").GetProperty("structuredContent").GetProperty("next_cursor").GetString();
        var stolen = await _with.CallAsync(_with.Europe, "search_products", $$"""{"catalog":"sample","page_size":2,"cursor":"{{cursor}}"}""");
        var garbage = await _with.CallAsync(_with.Europe, "search_products", """{"catalog":"sample","page_size":2,"cursor":"garbage"}""");

        Assert.Equal(garbage.GetRawText(), stolen.GetRawText());
        Assert.Contains("invalid_cursor", stolen.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>A cursor is an offset and a digest under a key that each index makes for itself: only the offset can be compared.</summary>
    private static string WithoutDigest(JsonElement message)
    {
        const int OffsetCharacters = 5;
        var text = message.GetRawText();
        return message.TryGetProperty("result", out var result) && result.GetProperty("structuredContent").TryGetProperty("next_cursor", out var cursor)
            ? text.Replace(cursor.GetString()!, cursor.GetString()![..OffsetCharacters], StringComparison.Ordinal)
            : text;
    }

    private static string WithCatalog(string arguments, string catalog)
    {
        var json = JsonNode.Parse(arguments)!.AsObject();
        json["catalog"] = catalog;
        return json.ToJsonString();
    }
}
