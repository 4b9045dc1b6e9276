using System.Text.Json;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools.Reindexing;

/// <summary>Who may do what with the jobs of a catalog, and that nobody can tell a forbidden one from a missing one.</summary>
public sealed class ReindexAccessTests : IAsyncLifetime
{
    private const string Start = "start_reindex";
    private const string Get = "get_reindex";
    private const string Cancel = "cancel_reindex";
    private const string Rollback = "rollback_index";

    private readonly ReindexServer _server = new();

    /// <summary>Which tools each caller is offered, and which of them work on the sample.</summary>
    public static TheoryData<string, string[], string[]> Matrix => new()
    {
        { "europe", [], [] },
        { "no-products", [], [] },
        { "reader", [Get], [Get] },
        { "starter", [Start], [Start] },
        { "elsewhere", [Start, Get, Cancel, Rollback], [] },
        { "operator", [Start, Get, Cancel, Rollback], [Start, Get, Cancel, Rollback] },
        { "administrator", [Start, Get, Cancel, Rollback], [Start, Get, Cancel, Rollback] },
    };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Caller_IsOfferedAndMayDo_ExactlyWhatItsRightsSay(string caller, string[] offered, string[] works)
    {
        var key = KeyOf(caller);
        Assert.Equal(offered, await OfferedAsync(key));

        _server.Gates.Gate = GatedStore.Put;
        var id = (await _server.RunAsync(_server.Server.Administrator, """{"catalog":"sample","force":true,"confirm":true}""")).GetProperty("id").GetString();
        await _server.Gates.ReachedAsync();
        foreach (var (tool, arguments) in ((string, string)[])[
            (Start, """{"catalog":"sample"}"""), (Get, """{"catalog":"sample"}"""), (Get, $$"""{"job_id":"{{id}}"}"""), (Rollback, """{"catalog":"sample","confirm":true}"""), (Cancel, $$"""{"job_id":"{{id}}"}""")])
        {
            var answer = await _server.Server.CallAsync(key, tool, arguments);
            if (works.Contains(tool))
            {
                // A rollback during a build is refused for that reason alone.
                Assert.Equal(tool == Rollback ? "catalog_busy" : null, Code(answer));
            }
            else if (offered.Contains(tool))
            {
                Assert.Equal(arguments.Contains("job_id", StringComparison.Ordinal) ? "unknown_job" : "unknown_catalog", Code(answer));
            }
            else
            {
                Assert.Equal((await _server.Server.CallAsync(key, "no_such_tool", "{}")).GetRawText(), answer.GetRawText());
            }
        }

        var job = (await _server.Jobs.FindAsync(_server.Server.ScopeOf(_server.Server.Administrator), id!, default))!;
        Assert.Equal(works.Contains(Cancel), job.CancelledBy is not null);
        Assert.Equal(1, await _server.LiveAsync(ReindexServer.Sample));
    }

    [Fact]
    public async Task Catalog_ThatIsNotConfigured_CanBeLookedAtAndRolledBackOnceItIsThere()
    {
        var key = _server.Server.Keys.Add("attic", "EU", "all-of-attic");
        Assert.Empty(await OfferedAsync(key));

        await _server.BuildAtticAsync();
        Assert.Equal([Get, Rollback], await OfferedAsync(key));
        Assert.Equal("no_previous_generation", Code(await _server.Server.CallAsync(key, Rollback, """{"confirm":true}""")));
        await _server.BuildAtticAsync();
        Assert.Equal(2, (await _server.CallAsync(key, Get, "{}")).GetProperty("generations").GetArrayLength());
        Assert.Equal(3, (await _server.CallAsync(key, Rollback, """{"confirm":true}""")).GetProperty("generation").GetProperty("number").GetInt32());
        Assert.Equal("unknown_catalog", Code(await _server.Server.CallAsync(_server.Server.Administrator, Start, """{"catalog":"attic"}""")));

        var forbidden = await _server.Server.CallAsync(_server.Elsewhere, Rollback, """{"catalog":"attic"}""");
        Assert.Equal((await _server.Server.CallAsync(_server.Elsewhere, Rollback, """{"catalog":"nosuch"}""")).GetRawText(), forbidden.GetRawText());
    }

    [Theory]
    [InlineData(Start)]
    [InlineData(Get)]
    [InlineData(Rollback)]
    public async Task Catalog_Forbidden_IsAnsweredAsMissing_ByteForByte(string tool)
    {
        var forbidden = await _server.Server.CallAsync(_server.Elsewhere, tool, """{"catalog":"sample"}""");
        var missing = await _server.Server.CallAsync(_server.Elsewhere, tool, """{"catalog":"nosuch"}""");

        Assert.Equal("unknown_catalog", Code(forbidden));
        Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        Assert.Contains("You may choose second.", forbidden.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Get)]
    [InlineData(Cancel)]
    public async Task Job_OfAForbiddenCatalog_IsAnsweredAsMissing_ByteForByte(string tool)
    {
        _server.Gates.Gate = GatedStore.Begin;
        var id = (await _server.RunAsync(_server.Operator, "{}")).GetProperty("id").GetString();
        var forbidden = await _server.Server.CallAsync(_server.Elsewhere, tool, $$"""{"job_id":"{{id}}"}""");
        var missing = await _server.Server.CallAsync(_server.Elsewhere, tool, $$"""{"job_id":"job_{{new string('0', 32)}}"}""");

        Assert.Equal("unknown_job", Code(forbidden));
        Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        Assert.Null(Code(await _server.Server.CallAsync(_server.Operator, tool, $$"""{"job_id":"{{id}}"}""")));
    }

    [Fact]
    public async Task Missing_CatalogArgument_NamesOnlyThoseOfTheRight()
    {
        Assert.Equal("second", (await _server.CallAsync(_server.Elsewhere, Get, "{}")).GetProperty("catalog").GetString());
        Assert.Equal("sample", (await _server.CallAsync(_server.Reader, Get, "{}")).GetProperty("catalog").GetString());
    }

    [Fact]
    public async Task Group_Narrowed_LosesTheTools()
    {
        var both = _server.Server.Keys.Add("both", "EU", "eu-retail", "all-of-sample");
        await using var whole = await _server.Server.ConnectAsync(both);
        await using var narrow = await _server.Server.ConnectAsync(both, groupContext: "eu-retail");

        Assert.Contains(await whole.ListToolsAsync(), t => t.Name == Start);
        Assert.DoesNotContain(await narrow.ListToolsAsync(), t => t.Name == Start);
    }

    [Fact]
    public async Task Work_IsAuditedWithWhoAsked()
    {
        var subject = _server.Server.ScopeOf(_server.Starter).Subject;
        await _server.RunAsync(_server.Starter, """{"wait":true}""");
        await _server.Server.CallAsync(_server.Elsewhere, Start, """{"catalog":"sample"}""");

        Assert.Contains(_server.Server.Audit.Entries, e => e.StartsWith($"system reindex for {subject} ", StringComparison.Ordinal));
        Assert.Contains($"denied {_server.Server.ScopeOf(_server.Elsewhere).Subject} reindex start", _server.Server.Audit.Entries);
    }

    private async Task<List<string>> OfferedAsync(string key)
    {
        using var list = await _server.Server.Http.SendAsync(RawMcp.Modern(key, "tools/list"));
        var names = (await RawMcp.MessageAsync(list)).GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!);
        return [.. names.Where(n => n is Start or Get or Cancel or Rollback)];
    }

    private static string? Code(JsonElement message) =>
        message.GetProperty("result").GetProperty("structuredContent").TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;

    private string KeyOf(string caller) => caller switch
    {
        "europe" => _server.Server.Europe,
        "no-products" => _server.Server.NoProducts,
        "reader" => _server.Reader,
        "starter" => _server.Starter,
        "elsewhere" => _server.Elsewhere,
        "operator" => _server.Operator,
        _ => _server.Server.Administrator,
    };
}
