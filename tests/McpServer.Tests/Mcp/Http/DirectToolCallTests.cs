using System.Text.Json.Nodes;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>The short way of a call and the SDK's way answer the same bytes.</summary>
public sealed class DirectToolCallTests : IAsyncLifetime
{
    // A clock that stands still: on a busy machine an answer could otherwise become a stream, because it took long.
    private readonly TestServer _direct = new(services => services.AddSingleton<TimeProvider>(new SteppedTimers()));
    private readonly TestServer _sdk = new(services => services.AddSingleton<TimeProvider>(new SteppedTimers()), "--Mcp:DirectToolCalls=false");

    public static TheoryData<string, string> Calls => new()
    {
        { "search_products", """{"catalog":"sample","query":"headphones","facets":["brand","price"],"page_size":50}""" },
        { "search_products", """{"catalog":"sample","query":"nothing finds this at all"}""" },
        { "search_products", """{"catalog":"sample","query":"lamp evil"}""" },
        { "search_products", """{"qurey":"x"}""" },
        { "search_products", """{"catalog":"<é\u00ad'\">"}""" },
        { "get_products", """{"catalog":"sample","ids":["e-01","poison-1","missing <é> \ud83d\ude00"]}""" },
        { "find_similar_products", """{"catalog":"sample","id":"e-02"}""" },
        { "find_similar_products", """{"catalog":"sample","id":"gone"}""" },
        { "compare_products", """{"catalog":"sample","ids":["e-01","e-02","none"]}""" },
        { "list_facets", """{"catalog":"sample","brands":["Auralsi"]}""" },
        { "list_facets", """{"catalog":"sample"}""" },
        { "suggest_queries", """{"catalog":"sample","prefix":"w"}""" },
        { "whoami", "{}" },
        { "no_such_tool", "{}" },
    };

    public async Task InitializeAsync()
    {
        await _direct.InitializeAsync();
        await _sdk.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _direct.DisposeAsync();
        await _sdk.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_BothWays_AnswersTheSameBytes(string tool, string arguments)
    {
        foreach (var id in (JsonNode[])[JsonValue.Create(7), JsonValue.Create("é<'\"\\ id"), JsonValue.Create(-9_007_199_254_740_991), JsonNode.Parse("-0")!])
        {
            Assert.Equal(await ModernAsync(_sdk, tool, arguments, id), await ModernAsync(_direct, tool, arguments, id));
            Assert.Equal(await LegacyAsync(_sdk, tool, arguments, id), await LegacyAsync(_direct, tool, arguments, id));
        }
    }

    private static async Task<string> ModernAsync(TestServer server, string tool, string arguments, JsonNode id)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) };
        using var request = RawMcp.Modern(server.Partner, "tools/call", parameters, tool, id.DeepClone());
        using var response = await server.Http.SendAsync(request);
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentType} {await response.Content.ReadAsStringAsync()}";
    }

    private static async Task<string> LegacyAsync(TestServer server, string tool, string arguments, JsonNode id)
    {
        var session = await server.OpenSessionAsync(server.Partner);
        var body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id.DeepClone(),
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) },
        };
        using var request = RawMcp.Post(server.Partner, body.ToJsonString(), session);
        using var response = await server.Http.SendAsync(request);
        return (await RawMcp.MessageAsync(response)).GetRawText();
    }
}
