using System.Text.Json;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

public sealed class ExplainAccessTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Call_EveryProductAndGroup_AgreesWithWhatTheGroupSees()
    {
        foreach (var (key, group, region) in new[] { (_server.Europe, "eu-retail", "EU"), (_server.America, "us-wholesale", "US"), (_server.Partner, "partners", "EU") })
        {
            var visible = _server.Index.Visible(_server.ScopeOf(key), TestCatalog.Name).Select(p => p.Id).ToHashSet();
            foreach (var product in TestCatalog.Products)
            {
                var answer = await ExplainAsync($$"""{"catalog":"sample","id":"{{product.Id}}","groups":["{{group}}"],"region":"{{region}}"}""");
                var branch = answer.GetProperty("groups")[0];

                Assert.Equal(visible.Contains(product.Id), answer.GetProperty("visible").GetBoolean());
                Assert.Equal(branch.GetProperty("admits").GetBoolean(), branch.GetProperty("changes").GetArrayLength() == 0);
                Assert.Equal(branch.GetProperty("rules").EnumerateArray().Count(r => !r.GetProperty("holds").GetBoolean()), branch.GetProperty("changes").GetArrayLength());
            }
        }
    }

    [Fact]
    public async Task Call_ByKeyPrefix_ExplainsTheKeysOwnGroupsAndRegion()
    {
        var record = (await _server.Keys.AuthenticateAsync(_server.America, default))!;

        var answer = await ExplainAsync($$"""{"catalog":"sample","id":"e-00","key_prefix":"{{record.Prefix}}"}""");

        Assert.False(answer.GetProperty("visible").GetBoolean());
        Assert.Equal("us-wholesale", answer.GetProperty("groups")[0].GetProperty("group").GetString());
        Assert.Equal($"key {record.Prefix}", answer.GetProperty("caller").GetString());
    }

    [Fact]
    public async Task Call_UnknownGroup_IsNamedAndGivesNothing()
    {
        var answer = await ExplainAsync("""{"catalog":"sample","id":"e-00","groups":["nobody"]}""");

        Assert.False(answer.GetProperty("visible").GetBoolean());
        Assert.Equal("nobody", answer.GetProperty("unknown_groups")[0].GetString());
    }

    [Fact]
    public async Task Call_AnyUse_IsAuditedWithWhoAndWhatBeforeTheAnswer()
    {
        await ExplainAsync("""{"catalog":"sample","id":"secret-1","groups":["partners"]}""");
        var missing = await _server.CallAsync(_server.Administrator, "explain_access", """{"catalog":"sample","id":"never","groups":["partners"]}""");

        var subject = _server.ScopeOf(_server.Administrator).Subject;
        var entries = _server.Audit.Entries.Where(e => e.Contains("explain_access", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, entries.Count);
        Assert.All(entries, e => Assert.Contains($"explain_access for {subject}: groups partners; product ", e, StringComparison.Ordinal));
        Assert.Contains("secret-1 of sample", entries[0], StringComparison.Ordinal);
        Assert.Equal("not_found", missing.GetProperty("result").GetProperty("structuredContent").GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("""{"catalog":"sample","id":"e-00"}""", "missing_argument", "groups")]
    [InlineData("""{"catalog":"sample","id":"e-00","groups":["partners"],"key_prefix":"aip_1"}""", "invalid_argument", "key_prefix")]
    [InlineData("""{"catalog":"sample","id":"e-00","region":"EU","key_prefix":"aip_1"}""", "invalid_argument", "region")]
    [InlineData("""{"catalog":"sample","id":"e-00","key_prefix":"aip_0"}""", "not_found", "key_prefix")]
    [InlineData("""{"catalog":"sample","id":"e-00","groups":["partners"],"attributes":[{"name":"brand"}]}""", "missing_argument", "attributes[0].value")]
    [InlineData("""{"catalog":"nowhere","id":"e-00","groups":["partners"]}""", "unknown_catalog", "catalog")]
    public async Task Call_WrongArguments_NamesTheArgument(string arguments, string code, string argument)
    {
        var error = (await _server.CallAsync(_server.Administrator, "explain_access", arguments)).GetProperty("result").GetProperty("structuredContent").GetProperty("error");

        Assert.Equal((code, argument), (error.GetProperty("code").GetString(), error.GetProperty("argument").GetString()));
    }

    [Fact]
    public async Task AdministratorNarrowedToAnotherGroup_HasNoSuchTool()
    {
        using var request = RawMcp.Call(_server.Administrator, "explain_access", """{"catalog":"sample","id":"e-00","groups":["partners"]}""");
        request.Headers.Add("X-Group-Context", "partners");
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(-32602, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    private async Task<JsonElement> ExplainAsync(string arguments)
    {
        var result = (await _server.CallAsync(_server.Administrator, "explain_access", arguments)).GetProperty("result");
        Assert.False(result.GetProperty("isError").GetBoolean(), result.GetRawText());
        return result.GetProperty("structuredContent");
    }
}
