using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

/// <summary>No answer is larger than its budget, whatever the catalog holds: the whole result as it goes out, text mirror and links included.</summary>
public sealed class BudgetTests : IAsyncLifetime
{
    private readonly TestServer _server = new(services => services.AddSingleton<ICatalogIndex>(new OracleIndex(HostileCatalog.Large, TimeProvider.System)));

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    /// <summary>The largest call of each tool.</summary>
    private static Dictionary<string, JsonObject> Calls => new()
    {
        ["search_products"] = new()
        {
            ["page_size"] = 50,
            ["facets"] = Array(["brand", "class", "category", "region", "price", HostileCatalog.Numbered('√', 1)]),
            ["regions"] = Array(Enumerable.Range(0, 100).Select(r => HostileCatalog.Numbered('é', r).Replace('0', '9')).Append(HostileCatalog.Numbered('é', 1)).Skip(1)),
        },
        ["get_products"] = new() { ["ids"] = Array(Ids(18).Append(Missing(1)).Append(Missing(2))) },
        ["compare_products"] = new() { ["ids"] = Array(Ids(9).Append(Missing(1))) },
        ["find_similar_products"] = new() { ["id"] = HostileCatalog.Id(1), ["size"] = 50 },
        ["list_facets"] = new() { ["values_per_field"] = 100, ["fields"] = Array(["brand", "class", "category", "region", .. Enumerable.Range(1, 6).Select(s => HostileCatalog.Numbered('√', s))]) },
        ["suggest_queries"] = new() { ["prefix"] = "商", ["size"] = 20 },
        ["explain_access"] = new() { ["id"] = HostileCatalog.Id(1), ["groups"] = Array(["eu-retail", "us-wholesale", "partners", "administrators", "no-products", .. Enumerable.Range(0, 50).Select(g => HostileCatalog.Numbered('ü', g))]) },
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var tool in Calls.Keys)
            {
                foreach (var tokens in (int[])[AnswerBudget.MinTokens, 5_000, AnswerBudget.DefaultTokens, AnswerBudget.MaxTokens])
                {
                    data.Add(tool, tokens);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answer_HostileCatalog_StaysWithinItsBudget(string tool, int tokens)
    {
        var arguments = Calls[tool];
        arguments["catalog"] = TestCatalog.Name;
        if (tokens != AnswerBudget.DefaultTokens)
        {
            arguments[AnswerBudget.Argument] = tokens;
        }

        var schema = _server.Services.GetServices<IMcpTool>().Single(t => t.Definition.Name == tool).Definition.OutputSchema!.Value;
        foreach (var result in new[] { await ModernAsync(tool, arguments), await LegacyAsync(tool, arguments) })
        {
            var bytes = Encoding.UTF8.GetByteCount(result.GetRawText());
            Assert.False(result.GetProperty("isError").GetBoolean(), result.GetRawText()[..Math.Min(bytes, 2_000)]);
            Assert.True(bytes <= tokens * AnswerBudget.BytesPerToken, string.Create(CultureInfo.InvariantCulture, $"{tool}: {bytes} bytes for {tokens} tokens"));
            SchemaCheck.Assert(schema, result.GetProperty("structuredContent"), tool);
        }
    }

    [Fact]
    public void EveryToolWithALargeAnswer_HasABudgetAndIsTested()
    {
        var tools = _server.Services.GetServices<IMcpTool>().Where(t => t.Definition.InputSchema.GetProperty("properties").TryGetProperty(AnswerBudget.Argument, out _)).Select(t => t.Definition.Name);

        // The last two have no text of a product: their hostile cases are elsewhere.
        Assert.Equal(Calls.Keys.Append("whoami").Append("get_reindex").Order(StringComparer.Ordinal), tools.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Page_DefaultBudget_NamesEveryProductOrSaysHowManyAreLeftOut()
    {
        var result = await ModernAsync("search_products", new JsonObject { ["catalog"] = TestCatalog.Name, ["page_size"] = 50 });
        var structured = result.GetProperty("structuredContent");
        var shown = structured.GetProperty("products").GetArrayLength();
        var omitted = structured.TryGetProperty("omitted", out var count) ? count.GetInt32() : 0;

        Assert.Equal(50, shown + omitted);
        Assert.True(shown > 5, $"{shown} shown");
        Assert.Contains("did not fit", result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(v => JsonValue.Create(v))];

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(0, count).Select(HostileCatalog.Id);

    private static string Missing(int number) => HostileCatalog.Id(900 + number);

    private async Task<JsonElement> ModernAsync(string tool, JsonObject arguments)
    {
        using var request = RawMcp.Call(_server.Administrator, tool, arguments.ToJsonString());
        using var response = await _server.Http.SendAsync(request);
        return (await RawMcp.MessageAsync(response)).GetProperty("result");
    }

    /// <summary>A call that asks for progress goes the SDK's way.</summary>
    private async Task<JsonElement> LegacyAsync(string tool, JsonObject arguments)
    {
        var session = await _server.OpenSessionAsync(_server.Administrator);
        var body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments.DeepClone(), ["_meta"] = new JsonObject { ["progressToken"] = 1 } },
        };
        using var request = RawMcp.Post(_server.Administrator, body.ToJsonString(), session, TestServer.Legacy);
        using var response = await _server.Http.SendAsync(request);
        return (await RawMcp.MessageAsync(response)).GetProperty("result");
    }
}
