using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>Pages of lists: complete, in order, and with cursors that are good for one list and one scope only.</summary>
public sealed class ListPagesTests : IAsyncLifetime
{
    private readonly TestServer _server = new(null, "--Mcp:ListPageSize=2");
    private readonly ListPages _pages = new(Options.Create(new McpListOptions { ListPageSize = 3 }));

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(7, 3)]
    public void Pages_TogetherHoldTheListOnce(int count, int pages)
    {
        var scope = _server.ScopeOf(_server.Europe);
        List<int> all = [.. Enumerable.Range(0, count)], seen = [];
        string? cursor = null;
        var taken = 0;
        do
        {
            var page = _pages.Page("numbers", scope, all, cursor);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
            taken++;
        }
        while (cursor is not null);

        Assert.Equal(all, seen);
        Assert.Equal(pages, taken);
    }

    [Fact]
    public void Cursor_OfAnotherListOrScopeOrDamaged_IsInvalid()
    {
        var scope = _server.ScopeOf(_server.Europe);
        int[] all = [.. Enumerable.Range(0, 10)];
        var cursor = _pages.Page("numbers", scope, all, null).NextCursor!;

        AssertInvalid("others", scope, cursor);
        AssertInvalid("numbers", _server.ScopeOf(_server.America), cursor);
        var colleague = _server.ScopeOf(_server.Keys.Add("colleague", "EU", "eu-retail"));
        Assert.Equal(scope.Fingerprint, colleague.Fingerprint);
        AssertInvalid("numbers", colleague, cursor);
        AssertInvalid("numbers", scope, "");
        AssertInvalid("numbers", scope, cursor + "A");
        AssertInvalid("numbers", scope, new string('é', cursor.Length));
        for (var i = 0; i < cursor.Length; i++)
        {
            foreach (var other in "AZaz09-_".Where(c => c != cursor[i]))
            {
                var spoiled = $"{cursor[..i]}{other}{cursor[(i + 1)..]}";
                AssertInvalid("numbers", scope, spoiled);
            }
        }

        void AssertInvalid(string list, AiPlatform.Core.Access.AccessScope who, string spoiled) =>
            Assert.Equal(McpErrorCode.InvalidParams, Assert.Throws<McpProtocolException>(() => _pages.Page(list, who, all, spoiled)).ErrorCode);
    }

    [Fact]
    public async Task ToolsList_InPages_IsTheSameListInTheSameOrder()
    {
        await using var client = await _server.ConnectAsync(_server.Europe);
        var first = await client.ListToolsAsync();
        var second = await client.ListToolsAsync();
        var page = await ListAsync(_server.Europe, null);

        Assert.Equal(2, page.GetProperty("result").GetProperty("tools").GetArrayLength());
        Assert.True(first.Count > 4);
        Assert.Equal(first.Select(t => t.Name), second.Select(t => t.Name));
        Assert.Equal(first.Select(t => t.Name).Distinct(), first.Select(t => t.Name));
    }

    [Fact]
    public async Task ToolsList_ForeignOrInventedCursor_AnswersInvalidParams()
    {
        var cursor = (await ListAsync(_server.Europe, null)).GetProperty("result").GetProperty("nextCursor").GetString()!;

        foreach (var (key, used) in new[] { (_server.Administrator, cursor), (_server.Europe, "2"), (_server.Europe, "") })
        {
            Assert.Equal(-32602, (await ListAsync(key, used)).GetProperty("error").GetProperty("code").GetInt32());
        }
    }

    [Fact]
    public async Task Lists_OfTheStatelessRevision_SayHowLongAndForWhomTheyMayBeKept()
    {
        foreach (var method in (string[])["tools/list", "server/discover"])
        {
            using var request = RawMcp.Modern(_server.Europe, method);
            using var response = await _server.Http.SendAsync(request);
            var result = (await RawMcp.MessageAsync(response)).GetProperty("result");

            Assert.Equal((long)CacheHints.TimeToLive.TotalMilliseconds, result.GetProperty("ttlMs").GetInt64());
            Assert.Equal("private", result.GetProperty("cacheScope").GetString());
        }
    }

    [Fact]
    public async Task Lists_OfTheOlderRevisions_CarryNoHints()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        using var request = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", session);
        using var response = await _server.Http.SendAsync(request);
        var result = (await RawMcp.MessageAsync(response)).GetProperty("result");

        Assert.False(result.TryGetProperty("ttlMs", out _));
        Assert.False(result.TryGetProperty("cacheScope", out _));
    }

    private async Task<JsonElement> ListAsync(string key, string? cursor)
    {
        var parameters = new JsonObject();
        if (cursor is not null)
        {
            parameters["cursor"] = cursor;
        }

        using var request = RawMcp.Modern(key, "tools/list", parameters);
        using var response = await _server.Http.SendAsync(request);
        return await RawMcp.MessageAsync(response);
    }
}
