using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools.Reindexing;

/// <summary>A job as a task of the extension: found, followed and given up by the caller that started it, and by nobody else.</summary>
public sealed class ReindexTaskTests : IAsyncLifetime
{
    private const string Extension = "io.modelcontextprotocol/tasks";
    private const string Declared = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";

    private readonly ReindexServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Start_IsAnsweredWithATaskThatEndsWithTheToolsAnswer()
    {
        _server.Gates.Gate = GatedStore.Begin;
        var created = Result(await StartAsync(_server.Starter));
        var id = created.GetProperty("taskId").GetString()!;

        Assert.Equal(("task", "working"), (created.GetProperty("resultType").GetString(), created.GetProperty("status").GetString()));
        Assert.All(["result", "error", "inputRequests", "content", "requestState"], name => Assert.False(created.TryGetProperty(name, out _), name));
        Assert.True(created.GetProperty("ttlMs").GetInt64() >= 3_600_000);
        Assert.Equal(1_000, created.GetProperty("pollIntervalMs").GetInt64());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", created.GetProperty("createdAt").GetString());

        await _server.Gates.ReachedAsync();
        var working = Result(await TaskAsync(_server.Starter, "tasks/get", id));
        Assert.Equal(("complete", "working", id), (working.GetProperty("resultType").GetString(), working.GetProperty("status").GetString(), working.GetProperty("taskId").GetString()));
        Assert.NotEmpty(working.GetProperty("statusMessage").GetString()!);

        _server.Gates.Open();
        await _server.EndAsync(id);
        var completed = Result(await TaskAsync(_server.Starter, "tasks/get", id));
        Assert.Equal("completed", completed.GetProperty("status").GetString());
        var result = completed.GetProperty("result");
        Assert.False(result.GetProperty("isError").GetBoolean());
        Assert.Equal((id, "succeeded"), (result.GetProperty("structuredContent").GetProperty("job").GetProperty("id").GetString(), result.GetProperty("structuredContent").GetProperty("job").GetProperty("state").GetString()));
        using var list = await _server.Server.Http.SendAsync(RawMcp.Modern(_server.Operator, "tools/list"));
        var schema = (await RawMcp.MessageAsync(list)).GetProperty("result").GetProperty("tools").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "start_reindex").GetProperty("outputSchema");
        SchemaCheck.Assert(schema, result.GetProperty("structuredContent"), "start_reindex");
    }

    [Theory]
    [InlineData("{}", """{"wait":true}""")]
    [InlineData(Declared, """{"wait":true}""")]
    [InlineData(Declared, """{"wait":false}""")]
    [InlineData("""{"extensions":{"io.modelcontextprotocol/other":{}}}""", "{}")]
    public async Task Start_WithoutTheExtensionOrWithWait_IsAnsweredAsEver(string capabilities, string arguments)
    {
        var answer = await StartAsync(_server.Operator, arguments, capabilities);

        Assert.Equal("complete", Result(answer).GetProperty("resultType").GetString());
        Assert.True(Result(answer).GetProperty("structuredContent").TryGetProperty("job", out _));
    }

    [Fact]
    public async Task Start_WhileAnotherJobRuns_IsAnsweredWithThatJobAndNoTask()
    {
        _server.Gates.Gate = GatedStore.Begin;
        await _server.RunAsync(_server.Operator, "{}");
        var answer = Result(await StartAsync(_server.Starter));

        Assert.Equal("complete", answer.GetProperty("resultType").GetString());
        Assert.True(answer.GetProperty("structuredContent").GetProperty("already_running").GetBoolean());
    }

    [Fact]
    public async Task Cancel_EndsTheJobAndIsRepeatable()
    {
        _server.Gates.Gate = GatedStore.Put;
        _server.Write(ReindexServer.Sample, 320);
        var id = await TaskIdAsync(_server.Starter);
        await _server.Gates.ReachedAsync();
        var first = await TaskAsync(_server.Starter, "tasks/cancel", id);
        var job = await _server.EndAsync(id);
        var again = await TaskAsync(_server.Starter, "tasks/cancel", id);

        Assert.Equal("""{"resultType":"complete"}""", Bare(first));
        Assert.Equal(Bare(first), Bare(again));
        Assert.Equal(ReindexJobState.Cancelled, job.State);
        var seen = Result(await TaskAsync(_server.Starter, "tasks/get", id));
        Assert.Equal("cancelled", seen.GetProperty("status").GetString());
        Assert.False(seen.TryGetProperty("result", out _));
        Assert.Equal(1, await _server.LiveAsync(ReindexServer.Sample));
    }

    [Fact]
    public async Task Update_OfAJob_IsAcknowledgedAndChangesNothing()
    {
        _server.Gates.Gate = GatedStore.Begin;
        var id = await TaskIdAsync(_server.Starter);

        Assert.Equal("""{"resultType":"complete"}""", Bare(await TaskAsync(_server.Starter, "tasks/update", id)));
        Assert.Equal("working", Result(await TaskAsync(_server.Starter, "tasks/get", id)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/update")]
    [InlineData("tasks/cancel")]
    public async Task Task_OfAnotherCaller_IsAnsweredAsMissing_ByteForByte(string method)
    {
        _server.Gates.Gate = GatedStore.Begin;
        var both = _server.Server.Keys.Add("both", "EU", "starts-sample", "eu-retail");
        var id = await TaskIdAsync(both);
        var unknown = "job_" + new string('0', 32);
        foreach (var (key, groups) in ((string, string?)[])[(_server.Starter, null), (_server.Operator, null), (_server.Server.Administrator, null), (_server.Elsewhere, null), (_server.Server.Europe, null), (_server.Server.NoProducts, null), (both, "eu-retail")])
        {
            var forbidden = await TaskAsync(key, method, id, groups: groups);
            var missing = await TaskAsync(key, method, unknown, groups: groups);
            Assert.Equal(-32602, forbidden.GetProperty("error").GetProperty("code").GetInt32());
            Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        }

        Assert.True((await TaskAsync(both, method, id)).TryGetProperty("result", out _));
        Assert.Equal(method == "tasks/cancel", (await _server.Jobs.FindAsync(_server.Server.ScopeOf(_server.Server.Administrator), id, default))!.CancelledBy is not null);
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/update")]
    [InlineData("tasks/cancel")]
    public async Task Method_OfAClientThatDoesNotDeclareTheExtension_NamesWhatIsMissing(string method)
    {
        using var response = await SendAsync(_server.Starter, method, "job_1", "{}");
        var error = (await RawMcp.MessageAsync(response)).GetProperty("error");

        Assert.Equal((HttpStatusCode.BadRequest, -32021), (response.StatusCode, error.GetProperty("code").GetInt32()));
        Assert.True(error.GetProperty("data").GetProperty("requiredCapabilities").GetProperty("extensions").TryGetProperty(Extension, out _));
    }

    [Fact]
    public async Task Listen_ForTasksWithoutTheExtension_NamesWhatIsMissing()
    {
        using var request = RawMcp.Modern(_server.Starter, "subscriptions/listen", new JsonObject { ["notifications"] = new JsonObject { ["taskIds"] = new JsonArray("job_1") } });
        using var response = await _server.Server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32021, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("tasks/list")]
    [InlineData("tasks/result")]
    public async Task Method_OfTheEarlierDesign_IsNotThere(string method)
    {
        using var response = await SendAsync(_server.Starter, method, "job_1", Declared);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(-32601, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Name_ThatIsNotTheTasks_IsRefused()
    {
        using var response = await SendAsync(_server.Starter, "tasks/get", "job_1", Declared, name: "job_2");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32020, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Extension_IsToldToModernClientsOnly()
    {
        using var discover = await _server.Server.Http.SendAsync(RawMcp.Modern(_server.Starter, "server/discover"));
        var capabilities = (await RawMcp.MessageAsync(discover)).GetProperty("result").GetProperty("capabilities");
        Assert.True(capabilities.GetProperty("extensions").TryGetProperty(Extension, out _));
        Assert.False(capabilities.TryGetProperty("tasks", out _));

        using var initialize = RawMcp.Post(_server.Starter, RawMcp.Initialize);
        using var opened = await _server.Server.Http.SendAsync(initialize);
        Assert.False((await RawMcp.MessageAsync(opened)).GetProperty("result").GetProperty("capabilities").TryGetProperty("extensions", out _));
        using var get = RawMcp.Post(_server.Starter, """{"jsonrpc":"2.0","id":2,"method":"tasks/get","params":{"taskId":"job_1"}}""", opened.Headers.GetValues("Mcp-Session-Id").Single());
        using var answer = await _server.Server.Http.SendAsync(get);
        Assert.Equal(-32601, (await RawMcp.MessageAsync(answer)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Calls_OfTasks_AreRecorded()
    {
        var id = await TaskIdAsync(_server.Starter);
        await TaskAsync(_server.Starter, "tasks/get", id);
        await TaskAsync(_server.Operator, "tasks/cancel", id);

        Assert.Contains(_server.Server.Calls.All, c => c is { Method: "tasks/get", Outcome: "ok" });
        Assert.Contains(_server.Server.Calls.All, c => c is { Method: "tasks/cancel", Outcome: "-32602" });
    }

    [Theory]
    [InlineData("""{"taskId":"job_1"}""")]
    [InlineData("""{"taskId":"job_1","inputResponses":7}""")]
    public async Task Update_WithoutAnswers_SaysSo(string parameters)
    {
        using var request = Modern(_server.Starter, "tasks/update", JsonNode.Parse(parameters)!.AsObject(), Declared, "job_1");
        using var response = await _server.Server.Http.SendAsync(request);

        Assert.Contains("inputResponses", (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private async Task<string> TaskIdAsync(string key) => Result(await StartAsync(key)).GetProperty("taskId").GetString()!;

    private async Task<JsonElement> StartAsync(string key, string arguments = "{}", string capabilities = Declared)
    {
        using var request = Modern(key, "tools/call", new JsonObject { ["name"] = "start_reindex", ["arguments"] = JsonNode.Parse(arguments) }, capabilities, "start_reindex");
        using var response = await _server.Server.Http.SendAsync(request);
        return await RawMcp.MessageAsync(response);
    }

    private async Task<JsonElement> TaskAsync(string key, string method, string id, string? groups = null)
    {
        using var response = await SendAsync(key, method, id, Declared, groups: groups);
        return await RawMcp.MessageAsync(response);
    }

    private async Task<HttpResponseMessage> SendAsync(string key, string method, string id, string capabilities, string? name = null, string? groups = null)
    {
        var parameters = new JsonObject { ["taskId"] = id };
        if (method == "tasks/update")
        {
            parameters["inputResponses"] = new JsonObject { ["nobody-asked"] = new JsonObject { ["action"] = "accept" } };
        }

        using var request = Modern(key, method, parameters, capabilities, name ?? id);
        if (groups is not null)
        {
            request.Headers.Add("X-Group-Context", groups);
        }

        return await _server.Server.Http.SendAsync(request);
    }

    private static HttpRequestMessage Modern(string key, string method, JsonObject parameters, string capabilities, string name)
    {
        using var plain = RawMcp.Modern(key, method, parameters, name);
        var body = JsonNode.Parse(plain.Content!.ReadAsStringAsync().GetAwaiter().GetResult())!;
        body["params"]!["_meta"]!["io.modelcontextprotocol/clientCapabilities"] = JsonNode.Parse(capabilities);
        var request = RawMcp.Post(key, body.ToJsonString(), version: TestServer.Modern);
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", name);
        return request;
    }

    private static JsonElement Result(JsonElement message) => message.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(message.GetRawText());

    /// <summary>A result without what says who the server is.</summary>
    private static string Bare(JsonElement message)
    {
        var result = JsonNode.Parse(Result(message).GetRawText())!.AsObject();
        result.Remove("_meta");
        return result.ToJsonString();
    }
}
