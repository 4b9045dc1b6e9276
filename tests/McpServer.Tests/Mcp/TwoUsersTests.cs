using System.Text.Json;
using AiPlatform.McpServer.Tests.Fixtures;
using ModelContextProtocol.Client;

namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>Many callers at once, in both eras and over both ways of a call: nobody ever gets another's answer.</summary>
public sealed class TwoUsersTests
{
    [Theory]
    [InlineData(TestServer.Modern, true)]
    [InlineData(TestServer.Modern, false)]
    [InlineData(TestServer.Legacy, true)]
    [InlineData(TestServer.Legacy, false)]
    public async Task Callers_AtOnce_GetTheirOwnAnswers(string version, bool direct)
    {
        var server = new TestServer(null, $"--Mcp:DirectToolCalls={direct}");
        await server.InitializeAsync();
        try
        {
            await Task.WhenAll(((string[])[server.Europe, server.America, server.Partner, server.Administrator]).Select(key => AskAsync(server, key, version)));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task AskAsync(TestServer server, string key, string version)
    {
        await using var client = await server.ConnectAsync(key, version);
        var me = await WhoAsync(client, CancellationToken.None);
        var scope = server.ScopeOf(key);
        var visible = server.Index.Visible(scope, TestCatalog.Name).Count;
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, cancellationToken) =>
        {
            Assert.Equal(me.GetRawText(), (await WhoAsync(client, cancellationToken)).GetRawText());
            var answer = await client.CallToolAsync("search_products", new Dictionary<string, object?> { ["catalog"] = "sample" }, cancellationToken: cancellationToken);
            Assert.Equal(visible, answer.StructuredContent!.Value.GetProperty("total").GetInt32());
        });
        Assert.Equal(scope.Subject, me.GetProperty("subject").GetString());
    }

    private static async Task<JsonElement> WhoAsync(McpClient client, CancellationToken cancellationToken) =>
        (await client.CallToolAsync("whoami", cancellationToken: cancellationToken)).StructuredContent!.Value;
}
