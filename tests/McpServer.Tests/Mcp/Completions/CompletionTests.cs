using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Tests.Fixtures;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Completions;

public sealed class CompletionTests(TestServer server) : IClassFixture<TestServer>
{
    private const string FindProduct = """{"type":"ref/prompt","name":"find_product"}""";
    private const string Compare = """{"type":"ref/prompt","name":"compare_products"}""";
    private const string Template = """{"type":"ref/resource","uri":"product://{catalog}/{id}"}""";

    /// <summary>What only an administrator may complete, in every argument that has values.</summary>
    public static TheoryData<string, string, string> Secrets => new()
    {
        { FindProduct, "brand", "myst" },
        { FindProduct, "need", "zeph" },
        { Template, "id", TestCatalog.SecretId },
        { Template, "id", "zephyr" },
        { Compare, "ids", "e-00," + TestCatalog.SecretId },
    };

    [Theory]
    [InlineData(TestServer.Modern)]
    [InlineData(TestServer.Legacy)]
    public async Task Client_BothEras_Completes(string version)
    {
        await using var client = await server.ConnectAsync(server.Europe, version);

        var catalogs = await client.CompleteAsync(new ResourceTemplateReference { Uri = ProductUri.Template }, "catalog", "s");
        var brands = await client.CompleteAsync(new PromptReference { Name = "find_product" }, "brand", "pic");

        Assert.Equal(["sample", "second"], catalogs.Completion.Values);
        Assert.Equal((2, false), (catalogs.Completion.Total, catalogs.Completion.HasMore));
        Assert.Equal("pictor", Assert.Single(brands.Completion.Values), ignoreCase: true);
    }

    [Theory]
    [InlineData("category", "head", "electronics / headphones")]
    [InlineData("category", "Electronics / H", "electronics / headphones")]
    [InlineData("brand", "OAK", "oakline")]
    [InlineData("need", "wirel", "wireless")]
    public async Task PromptArgument_Typed_IsCompletedFromTheCatalog(string argument, string typed, string expected)
    {
        var values = await ValuesAsync(server.Europe, FindProduct, argument, typed, "sample");

        Assert.Contains(expected, values, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("e-02", "e-02")]
    [InlineData("oak", "h-00")]
    [InlineData("", "e-00")]
    public async Task Id_ByItselfOrByName_IsCompleted(string typed, string expected)
    {
        var values = await ValuesAsync(server.Europe, Template, "id", typed, "sample");

        Assert.Contains(expected, values);
        var visible = server.Index.Visible(server.ScopeOf(server.Europe), TestCatalog.Name).Select(p => p.Id).ToHashSet();
        Assert.All(values, v => Assert.Contains(v, visible));
    }

    [Theory]
    [InlineData("e-")]
    [InlineData("e-0")]
    [InlineData("h-1")]
    public async Task Id_ItsBeginning_IsCompletedToEveryVisibleOne(string typed)
    {
        var visible = server.Index.Visible(server.ScopeOf(server.Europe), TestCatalog.Name).Select(p => p.Id).Where(id => id.StartsWith(typed, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        var completion = (await CompleteAsync(server.Europe, Template, "id", typed, "sample")).GetProperty("result").GetProperty("completion");

        Assert.Equal(visible, completion.GetProperty("values").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(completion.GetProperty("values").GetArrayLength(), completion.GetProperty("total").GetInt32());
        Assert.False(completion.GetProperty("hasMore").GetBoolean());
    }

    [Fact]
    public async Task IdList_LastOne_IsCompletedBehindTheOthers()
    {
        var values = await ValuesAsync(server.Europe, Compare, "ids", "e-00,e-02", "sample");

        Assert.Equal("e-00,e-02", Assert.Single(values));
    }

    [Theory]
    [InlineData(4, 60)]
    [InlineData(9, 512)]
    public async Task IdList_AsLongAsThePromptTakes_IsCompletedBehindTheOthers(int others, int length)
    {
        var before = string.Concat(Enumerable.Range(0, others).Select(i => $"{i}{new string('x', length - 1)},"));

        Assert.Equal(before + "e-02", Assert.Single(await ValuesAsync(server.Europe, Compare, "ids", before + "e-02", "sample")));
    }

    [Fact]
    public async Task Catalog_Chosen_NarrowsTheValues()
    {
        Assert.Equal(["s-1"], await ValuesAsync(server.Europe, Template, "id", "", "second"));
        Assert.DoesNotContain("s-1", await ValuesAsync(server.Europe, Template, "id", "", "sample"));
        Assert.Contains("oakline", await ValuesAsync(server.Europe, FindProduct, "brand", "oak", null), StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Values_OutOfSight_AreNotCompleted(string reference, string argument, string typed)
    {
        Assert.Empty(await ValuesAsync(server.Europe, reference, argument, typed, "sample"));
        Assert.NotEmpty(await ValuesAsync(server.Administrator, reference, argument, typed, "sample"));
    }

    [Fact]
    public async Task Catalog_Forbidden_CompletesAsAMissingOne()
    {
        var forbidden = await CompleteAsync(server.OtherCatalog, Template, "id", "e", "sample");
        var missing = await CompleteAsync(server.OtherCatalog, Template, "id", "e", "nosuch");

        Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        Assert.Equal(["second"], await ValuesAsync(server.OtherCatalog, Template, "catalog", "", null));
    }

    [Fact]
    public async Task Caller_WithoutProducts_HasNothingToComplete()
    {
        foreach (var reference in (string[])[FindProduct, Template])
        {
            var refused = await CompleteAsync(server.NoProducts, reference, "catalog", "", null);

            Assert.Equal(-32602, refused.GetProperty("error").GetProperty("code").GetInt32());
        }
    }

    [Theory]
    [InlineData("""{"type":"ref/prompt","name":"nosuch"}""", "need")]
    [InlineData("""{"type":"ref/resource","uri":"product://sample/e-00"}""", "id")]
    [InlineData("""{"type":"ref/resource","uri":"nosuch://{id}"}""", "id")]
    [InlineData(FindProduct, "nosuch")]
    [InlineData(Template, "need")]
    public async Task Reference_Unknown_IsRefused(string reference, string argument)
    {
        var error = (await CompleteAsync(server.Europe, reference, argument, "x", null)).GetProperty("error");

        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Values_AreBoundedAndClean()
    {
        var poisoned = await ValuesAsync(server.Administrator, FindProduct, "brand", "", "sample");
        var longest = await CompleteAsync(server.Europe, FindProduct, "need", new string('x', 1_001), null);
        var free = await ValuesAsync(server.Europe, FindProduct, "budget", "1", null);

        Assert.True(poisoned.Count is > 0 and <= 100);
        Assert.DoesNotContain(poisoned, v => v.Any(c => char.IsControl(c) || c is '\u2066' or '\u202E'));
        Assert.Equal(-32602, longest.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Empty(free);
    }

    private async Task<List<string>> ValuesAsync(string key, string reference, string argument, string typed, string? catalog)
    {
        var message = await CompleteAsync(key, reference, argument, typed, catalog);
        return [.. message.GetProperty("result").GetProperty("completion").GetProperty("values").EnumerateArray().Select(v => v.GetString()!)];
    }

    private async Task<JsonElement> CompleteAsync(string key, string reference, string argument, string typed, string? catalog)
    {
        var parameters = new JsonObject { ["ref"] = JsonNode.Parse(reference), ["argument"] = new JsonObject { ["name"] = argument, ["value"] = typed } };
        if (catalog is not null)
        {
            parameters["context"] = new JsonObject { ["arguments"] = new JsonObject { ["catalog"] = catalog } };
        }

        using var request = RawMcp.Modern(key, "completion/complete", parameters);
        using var response = await server.Http.SendAsync(request);
        return await RawMcp.MessageAsync(response);
    }
}
