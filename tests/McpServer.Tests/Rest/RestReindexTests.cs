using System.Net;
using System.Text.Json;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.McpServer.Tests.Mcp.Tools.Reindexing;

namespace AiPlatform.McpServer.Tests.Rest;

/// <summary>Reindexing over REST, over the real engine.</summary>
public sealed class RestReindexTests : IAsyncLifetime
{
    private readonly ReindexServer _reindex = new();

    private TestServer Server => _reindex.Server;

    public Task InitializeAsync() => _reindex.InitializeAsync();

    public Task DisposeAsync() => _reindex.DisposeAsync();

    [Fact]
    public async Task Start_AnswersThePlaceOfAJobThatCanBeWaitedFor()
    {
        _reindex.Write(ReindexServer.Sample, 310);
        var started = await Server.PostAsync(_reindex.Starter, "reindex", """{"data":{"catalog":"sample"}}""");
        var id = started.Data.GetProperty("job").GetProperty("id").GetString();

        Assert.Equal((HttpStatusCode.Accepted, $"/api/v1/reindex/{id}"), (started.Status, started.Headers["Location"]));
        Assert.True(started.Data.GetProperty("started").GetBoolean());
        Assert.False(started.Data.GetProperty("alreadyRunning").GetBoolean());
        var ended = await Server.GetAsync(_reindex.Starter, $"reindex/{id}?wait=30");
        Assert.Equal(("succeeded", 310, 2), (ended.Data.GetProperty("state").GetString(), ended.Data.GetProperty("rowsRead").GetInt32(), ended.Data.GetProperty("generation").GetInt32()));
        Assert.Equal(10, ended.Data.GetProperty("products").GetProperty("added").GetInt32());
        Assert.DoesNotContain("_", string.Concat(NamesIn(ended.Body)), StringComparison.Ordinal);
        Assert.DoesNotContain(_reindex.Folder, ended.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WithWait_AnswersARunningJobWhenTheTimeIsOver()
    {
        _reindex.Gates.Gate = GatedStore.Begin;
        var id = await StartAsync();
        var waited = await Server.GetAsync(_reindex.Reader, $"reindex/{id}?wait=1");

        Assert.Equal("running", waited.Data.GetProperty("state").GetString());
        Assert.Equal("invalid_argument", (await Server.GetAsync(_reindex.Reader, $"reindex/{id}?wait=31")).Code);
    }

    [Fact]
    public async Task Start_WithTheSameRequestId_IsTheSameJob()
    {
        (string, string) key = ("X-Request-ID", "order-1");
        var first = await Server.PostAsync(_reindex.Operator, "reindex", "{}", key);
        await Server.GetAsync(_reindex.Operator, $"reindex/{Id(first)}?wait=30");
        var again = await Server.PostAsync(_reindex.Operator, "reindex", "{}", key);
        var other = await Server.PostAsync(_reindex.Operator, "reindex", """{"data":{"dryRun":true}}""", key);

        Assert.Equal((HttpStatusCode.OK, Id(first)), (again.Status, Id(again)));
        Assert.Equal("order-1", again.Body.GetProperty("metadata").GetProperty("requestId").GetString());
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_conflict"), (other.Status, other.Code));
    }

    [Fact]
    public async Task Start_WithForce_NeedsConfirm()
    {
        var refused = await Server.PostAsync(_reindex.Operator, "reindex", """{"data":{"force":true}}""");

        Assert.Equal((HttpStatusCode.PreconditionRequired, "confirmation_required"), (refused.Status, refused.Code));
        Assert.Contains("generation 1 (300 products", refused.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await Server.PostAsync(_reindex.Operator, "reindex", """{"data":{"force":true,"confirm":true}}""")).Status);
        await Server.GetAsync(_reindex.Operator, $"reindex/{Id(await Server.PostAsync(_reindex.Operator, "reindex", """{"data":{"force":true,"dryRun":true}}"""))}?wait=30");
    }

    [Fact]
    public async Task Start_ThatAnothersJobWillDo_TellsOfItWhatTheCallerMayRead()
    {
        _reindex.Gates.Gate = GatedStore.Begin;
        var id = await StartAsync();
        await _reindex.Gates.ReachedAsync();
        var starter = await Server.PostAsync(_reindex.Starter, "reindex", """{"data":{"catalog":"sample"}}""");
        var own = await Server.PostAsync(_reindex.Operator, "reindex");

        Assert.Equal((id, id), (Id(starter), Id(own)));
        Assert.True(starter.Data.GetProperty("alreadyRunning").GetBoolean());
        Assert.Equal(
            ["attempts", "catalog", "dryRun", "force", "id", "mode", "requestedAt", "startedAt", "state"],
            starter.Data.GetProperty("job").EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Superset(new HashSet<string> { "requestedBy", "percent", "activity", "rowsRead" }, own.Data.GetProperty("job").EnumerateObject().Select(m => m.Name).ToHashSet());
    }

    [Theory]
    [InlineData("reindex?catlog=sample", "catlog")]
    [InlineData("reindex?catalog=sample&size=3", "size")]
    [InlineData("reindex/job_1?waits=3", "waits")]
    [InlineData("catalogs/sample/generations?limit=3", "limit")]
    public async Task Query_WithAParameterThatIsNone_IsRefusedByName(string path, string field)
    {
        var refused = await Server.GetAsync(_reindex.Reader, path);

        Assert.Equal((HttpStatusCode.BadRequest, "unknown_argument"), Of(refused));
        Assert.Equal(field, refused.Error.GetProperty("details").GetProperty("field").GetString());
        Assert.Equal((HttpStatusCode.BadRequest, "unknown_argument"), Of(await Server.PostAsync(_reindex.Operator, "reindex?dryRun=true")));
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync(_reindex.Reader, "reindex?Catalog=sample&PAGE=1&limit=1")).Status);
    }

    [Fact]
    public async Task List_IsPagedOverWhatTheCallerMayRead()
    {
        for (var i = 0; i < 3; i++)
        {
            await Server.GetAsync(_reindex.Operator, $"reindex/{await StartAsync("""{"data":{"dryRun":true}}""")}?wait=30");
        }

        var first = await Server.GetAsync(_reindex.Reader, "reindex?limit=3");
        var second = await Server.GetAsync(_reindex.Reader, "reindex?catalog=sample&limit=3&page=2");

        Assert.Equal((3, 1), (first.Data.GetArrayLength(), second.Data.GetArrayLength()));
        Assert.Equal("""{"page":1,"limit":3,"total":4,"hasNext":true}""", first.Body.GetProperty("pagination").GetRawText());
        Assert.Equal("""{"page":2,"limit":3,"total":4,"hasNext":false}""", second.Body.GetProperty("pagination").GetRawText());
        Assert.Equal(4, first.Data.EnumerateArray().Concat(second.Data.EnumerateArray()).Select(j => j.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(50, (await Server.GetAsync(_reindex.Reader, "reindex")).Body.GetProperty("pagination").GetProperty("limit").GetInt32());
        foreach (var wrong in (string[])["limit=101", "limit=0", "page=x", "page=1&page=2", "catalog="])
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_argument"), Of(await Server.GetAsync(_reindex.Reader, "reindex?" + wrong)));
        }
    }

    [Fact]
    public async Task Cancel_EndsTheJobOfItsStarterAndOfAnyForOneWhoMay()
    {
        foreach (var key in (string[])[_reindex.Starter, _reindex.Operator])
        {
            _reindex.Gates.Gate = GatedStore.Put;
            var id = await StartAsync("""{"data":{"catalog":"sample","force":true,"confirm":true}}""", _reindex.Starter);
            await _reindex.Gates.ReachedAsync();
            Assert.Equal((HttpStatusCode.NotFound, "unknown_job"), Of(await Server.PostAsync(_reindex.Reader, $"reindex/{id}/cancel")));
            Assert.Equal(HttpStatusCode.Accepted, (await Server.PostAsync(key, $"reindex/{id}/cancel")).Status);
            Assert.Equal(ReindexJobState.Cancelled, (await _reindex.EndAsync(id)).State);
            Assert.Equal(HttpStatusCode.Accepted, (await Server.PostAsync(key, $"reindex/{id}/cancel", "{}")).Status);
        }

        Assert.Equal(1, await _reindex.LiveAsync(ReindexServer.Sample));
    }

    [Fact]
    public async Task Rollback_IsConfirmedAndNotRepeated()
    {
        Assert.Equal((HttpStatusCode.Conflict, "no_previous_generation"), Of(await RollbackAsync("""{"data":{"confirm":true}}""")));
        _reindex.Write(ReindexServer.Sample, 310);
        await Server.GetAsync(_reindex.Operator, $"reindex/{await StartAsync()}?wait=30");
        var generations = await Server.GetAsync(_reindex.Reader, "catalogs/sample/generations");
        Assert.Equal([(2, true), (1, false)], generations.Data.EnumerateArray().Select(g => (g.GetProperty("number").GetInt32(), g.GetProperty("live").GetBoolean())));

        Assert.Equal((HttpStatusCode.PreconditionRequired, "confirmation_required"), Of(await RollbackAsync(null)));
        Assert.Equal((HttpStatusCode.Conflict, "generation_changed"), Of(await RollbackAsync("""{"data":{"confirm":true,"live":1}}""")));
        var done = await RollbackAsync("""{"data":{"confirm":true,"live":2}}""");
        Assert.Equal((3, 300, true), (done.Data.GetProperty("number").GetInt32(), done.Data.GetProperty("products").GetInt32(), done.Data.GetProperty("live").GetBoolean()));
        Assert.Equal((HttpStatusCode.Conflict, "generation_changed"), Of(await RollbackAsync("""{"data":{"confirm":true,"live":2}}""")));
    }

    [Theory]
    [InlineData("europe")]
    [InlineData("no-products")]
    [InlineData("elsewhere")]
    public async Task Forbidden_IsAnsweredAsMissing(string caller)
    {
        var key = caller switch { "europe" => Server.Europe, "no-products" => Server.NoProducts, _ => _reindex.Elsewhere };
        _reindex.Gates.Gate = GatedStore.Begin;
        var id = await StartAsync();
        var unknown = "job_" + new string('0', 32);
        (RestResult Forbidden, RestResult Missing)[] pairs =
        [
            (await Server.PostAsync(key, "reindex", """{"data":{"catalog":"sample"}}"""), await Server.PostAsync(key, "reindex", """{"data":{"catalog":"nosuch"}}""")),
            (await Server.PostAsync(key, "reindex", """{"data":{"catalog":"sample","force":true}}"""), await Server.PostAsync(key, "reindex", """{"data":{"catalog":"nosuch","force":true}}""")),
            (await Server.GetAsync(key, "reindex?catalog=sample"), await Server.GetAsync(key, "reindex?catalog=nosuch")),
            (await Server.GetAsync(key, $"reindex/{id}"), await Server.GetAsync(key, $"reindex/{unknown}")),
            (await Server.PostAsync(key, $"reindex/{id}/cancel"), await Server.PostAsync(key, $"reindex/{unknown}/cancel")),
            (await Server.GetAsync(key, "catalogs/sample/generations"), await Server.GetAsync(key, "catalogs/nosuch/generations")),
            (await Server.PostAsync(key, "catalogs/sample/rollback"), await Server.PostAsync(key, "catalogs/nosuch/rollback")),
        ];

        Assert.All(pairs, pair =>
        {
            Assert.Equal(HttpStatusCode.NotFound, pair.Forbidden.Status);
            Assert.Equal(pair.Missing.Error.GetRawText(), pair.Forbidden.Error.GetRawText());
        });
        Assert.Null((await _reindex.Jobs.FindAsync(Server.ScopeOf(Server.Administrator), id, default))!.CancelledBy);
    }

    [Theory]
    [InlineData("""{"data":{"catalogue":"sample"}}""", 400, "unknown_argument", "catalogue")]
    [InlineData("""{"catalog":"sample"}""", 400, "unknown_argument", "catalog")]
    [InlineData("""{"data":{"dryRun":"yes"}}""", 400, "invalid_argument", "dryRun")]
    [InlineData("""{"data":7}""", 400, "invalid_argument", "data")]
    [InlineData("""{"data":{},"metadata":{"groupOverride":"administrators"}}""", 400, "unknown_argument", "groupOverride")]
    [InlineData("""{"data":{},"metadata":{"userId":7}}""", 400, "invalid_argument", "userId")]
    [InlineData("""{"data":{"catalog":"sample","catalog":"second"}}""", 400, "malformed_message", null)]
    [InlineData("""[{}]""", 400, "malformed_message", null)]
    [InlineData("""7""", 400, "malformed_message", null)]
    [InlineData("""{"data":{}""", 400, "malformed_message", null)]
    public async Task Body_OfAWrongShape_IsRefusedByName(string body, int status, string code, string? field)
    {
        var refused = await Server.PostAsync(_reindex.Operator, "reindex", body);

        Assert.Equal((status, code), ((int)refused.Status, refused.Code));
        Assert.Equal(field, refused.Error.TryGetProperty("details", out var details) ? details.GetProperty("field").GetString() : null);
    }

    [Fact]
    public async Task Body_OfAnotherTypeOrSize_IsRefused()
    {
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "content_type_not_json"), Of(await Server.RestAsync(HttpMethod.Post, _reindex.Operator, "reindex", "{}", "text/plain")));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), Of(await Server.PostAsync(_reindex.Operator, "reindex", "{\"data\":{\"catalog\":\"" + new string('x', 1_100_000) + "\"}}")));
    }

    [Fact]
    public async Task Envelope_TellsWhoAskedAndEchoesItsNames()
    {
        var answer = await Server.GetAsync(_reindex.Reader, "reindex", ("X-Correlation-ID", "c-1"));
        var metadata = answer.Body.GetProperty("metadata");

        Assert.True(answer.Body.GetProperty("success").GetBoolean());
        Assert.Equal(("c-1", "c-1"), (metadata.GetProperty("correlationId").GetString(), answer.Headers["X-Correlation-ID"]));
        Assert.Equal(metadata.GetProperty("requestId").GetString(), answer.Headers["X-Request-ID"]);
        Assert.Equal(["reads-sample"], metadata.GetProperty("userGroups").EnumerateArray().Select(g => g.GetString()!));
        Assert.Contains("reindex:read", metadata.GetProperty("effectivePermissions").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("public", metadata.GetProperty("dataAccessLevel").GetString());
        Assert.True(metadata.GetProperty("latency").GetDouble() >= 0);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        foreach (var wrong in (string[])["", new string('x', 129), "a b"])
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_header"), Of(await Server.GetAsync(_reindex.Reader, "reindex", ("X-Correlation-ID", wrong))));
        }
    }

    [Fact]
    public async Task Refusals_AtTheDoor_HaveTheSameEnvelope()
    {
        var missing = await Server.GetAsync(null, "reindex");
        var wrong = await Server.GetAsync("aip_0_wrong", "reindex");
        var foreign = await Server.GetAsync(_reindex.Reader, "reindex", ("Origin", "https://evil.example"));
        var narrowed = await Server.GetAsync(_reindex.Reader, "reindex", ("X-Group-Context", "administrators"));

        Assert.Equal((HttpStatusCode.Unauthorized, "api_key_missing"), Of(missing));
        Assert.True(missing.Headers.ContainsKey("WWW-Authenticate"));
        Assert.Equal((HttpStatusCode.Unauthorized, "api_key_invalid"), Of(wrong));
        Assert.Equal((HttpStatusCode.Forbidden, "origin_not_allowed"), Of(foreign));
        Assert.Equal((HttpStatusCode.Forbidden, "group_override_refused"), Of(narrowed));
        Assert.All([missing, wrong, foreign, narrowed], r =>
        {
            Assert.False(r.Body.GetProperty("success").GetBoolean());
            Assert.False(r.Body.GetProperty("metadata").TryGetProperty("userGroups", out _));
        });
    }

    [Fact]
    public async Task Requests_AreAuditedByTheirRoute()
    {
        await Server.GetAsync(_reindex.Reader, "reindex/job_1");
        await Server.PostAsync(_reindex.Operator, "catalogs/sample/rollback", """{"data":{"oops":1}}""");
        await Server.GetAsync(_reindex.Reader, "reindex");

        var calls = Server.Calls.All.Where(c => c.Method.Contains("/api/", StringComparison.Ordinal)).Select(c => $"{c.Method} {c.Name}{c.Outcome}");
        Assert.Equal(["GET /api/v1/reindex/{id} unknown_job", "POST /api/v1/catalogs/{catalog}/rollback unknown_argument", "GET /api/v1/reindex ok"], calls);
    }

    private async Task<string> StartAsync(string body = "{}", string? key = null) => Id(await Server.PostAsync(key ?? _reindex.Operator, "reindex", body))!;

    private Task<RestResult> RollbackAsync(string? body) => Server.PostAsync(_reindex.Operator, "catalogs/sample/rollback", body);

    private static string? Id(RestResult start) => start.Data.GetProperty("job").GetProperty("id").GetString();

    private static (HttpStatusCode Status, string? Code) Of(RestResult result) => (result.Status, result.Code);

    private static IEnumerable<string> NamesIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => NamesIn(m.Value).Prepend(m.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(NamesIn),
        _ => [],
    };
}
