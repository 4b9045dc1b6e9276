using AiPlatform.McpServer.Tests.Fixtures;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp;

public sealed class ClientTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string> Versions => [TestServer.Modern, TestServer.Legacy, "2025-06-18", "2025-03-26", "2024-11-05"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Client_EveryRevision_ListsTheToolsAndSearches(string version)
    {
        await using var client = await server.ConnectAsync(server.Europe, version);

        var tools = await client.ListToolsAsync();
        var answer = await client.CallToolAsync("search_products", new Dictionary<string, object?> { ["catalog"] = "sample", ["query"] = "wireless headphones" });

        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.Equal(["search_products", "get_products", "compare_products", "find_similar_products", "list_facets", "suggest_queries", "whoami"], tools.Select(t => t.Name));
        Assert.NotEqual(true, answer.IsError);
        Assert.True(answer.StructuredContent!.Value.GetProperty("total").GetInt32() > 0);
        Assert.Contains("[e-00]", Assert.IsType<TextContentBlock>(answer.Content[0]).Text, StringComparison.Ordinal);
        var links = answer.Content.Skip(1).Cast<ResourceLinkBlock>().Select(l => l.Uri);
        var ids = answer.StructuredContent!.Value.GetProperty("products").EnumerateArray().Select(p => $"product://sample/{p.GetProperty("id").GetString()}");
        // Clients of older revisions do not know links and may refuse the whole answer.
        Assert.Equal(string.CompareOrdinal(version, "2025-06-18") >= 0 ? ids : [], links);
    }
}
