using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Mcp.Confirmation;
using AiPlatform.McpServer.Tests.Fixtures;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Tools.Reindexing;

/// <summary>A live generation is replaced after somebody agreed to it: asked in either era, or told so by a client that cannot ask.</summary>
public sealed class ReindexConfirmationTests : IAsyncLifetime
{
    private const string Yes = """{"confirm":{"action":"accept","content":{"confirm":true}}}""";
    private const string Start = "start_reindex";
    private const string Rollback = "rollback_index";

    private readonly SteppedTimers _time = new();
    private readonly ReindexServer _server;

    public ReindexConfirmationTests() => _server = new ReindexServer();

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _server.Write(ReindexServer.Sample, 310);
        await _server.RunAsync(_server.Operator, """{"wait":true}""");
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Start, """{"force":true}""")]
    [InlineData(Rollback, "{}")]
    public async Task Call_OfAClientThatCannotAsk_NeedsConfirmAndTellsWhatWouldHappen(string tool, string arguments)
    {
        var error = (await _server.CallAsync(_server.Operator, tool, arguments)).GetProperty("error");
        var message = error.GetProperty("message").GetString();

        Assert.Equal(("confirmation_required", "confirm"), (error.GetProperty("code").GetString(), error.GetProperty("argument").GetString()));
        Assert.Contains("generation 2 (310 products", message, StringComparison.Ordinal);
        Assert.Equal(tool == Rollback, message!.Contains("generation 1 (300 products", StringComparison.Ordinal));
        Assert.Equal(2, await LiveAsync());
        Assert.Equal("confirmation_required", (await _server.CallAsync(_server.Operator, tool, arguments.Replace("}", (arguments.Length > 2 ? "," : "") + "\"confirm\":false}", StringComparison.Ordinal))).GetProperty("error").GetProperty("code").GetString());
    }

    /// <summary>Figures of a catalog are for those who may read its jobs, also in a question.</summary>
    [Theory]
    [InlineData(Start, """{"force":true}""", false, "starts-sample")]
    [InlineData(Start, """{"force":true}""", true, "starts-sample", "reads-sample")]
    [InlineData(Start, """{"force":true}""", true, "all-of-sample")]
    [InlineData(Rollback, "{}", false, "rolls-sample-back")]
    [InlineData(Rollback, "{}", true, "rolls-sample-back", "reads-sample")]
    [InlineData(Rollback, "{}", true, "all-of-sample")]
    public async Task Question_TellsFiguresOnlyToWhoMayRead(string tool, string arguments, bool told, params string[] groups)
    {
        var key = _server.Server.Keys.Add("asked", "EU", groups);
        var message = (await _server.CallAsync(key, tool, arguments)).GetProperty("error").GetProperty("message").GetString()!;
        using var request = new HttpRequestMessage(HttpMethod.Post, tool == Start ? "/api/v1/reindex" : "/api/v1/catalogs/sample/rollback");
        request.Headers.Add("X-API-Key", key);
        request.Content = new StringContent($$"""{"data":{{arguments}}}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await _server.Server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PreconditionRequired, response.StatusCode);
        var rest = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString()!;

        Assert.Contains("the catalog sample", message, StringComparison.Ordinal);
        Assert.Equal((told, told), (message.Contains("generation 2 (310 products", StringComparison.Ordinal), rest.Contains("generation 2 (310 products", StringComparison.Ordinal)));
        Assert.Equal((told, told), (message.Any(char.IsAsciiDigit), rest.Any(char.IsAsciiDigit)));
        Assert.Null(Question(await SendAsync(key, tool, arguments)) is { } state && state.Contains("310", StringComparison.Ordinal) ? state : null);
    }

    [Fact]
    public async Task Start_ThatPutsNothingAtStake_IsNotAskedAbout()
    {
        Assert.Null(Question(await SendAsync(_server.Operator, Start, """{"dry_run":true,"force":true,"wait":true}""")));
        Assert.False((await _server.CallAsync(_server.Operator, Start, """{"wait":true}""")).TryGetProperty("error", out _));
        Assert.NotNull(Question(await SendAsync(_server.Operator, Start, "{}")));
    }

    [Theory]
    [InlineData(TestServer.Modern, Start)]
    [InlineData(TestServer.Legacy, Start)]
    [InlineData(TestServer.Modern, Rollback)]
    [InlineData(TestServer.Legacy, Rollback)]
    public async Task Client_ThatCanAsk_IsAskedAndGoesOnWithYesOnly(string version, string tool)
    {
        var asked = new List<string>();
        ElicitResult answer = new() { Action = "decline" };
        await using var client = await ConnectAsync(version, question =>
        {
            asked.Add(question.Message);
            return answer;
        });
        var arguments = tool == Start ? new Dictionary<string, object?> { ["force"] = true, ["wait"] = true, ["confirm"] = true } : [];
        foreach (var no in (ElicitResult[])[answer, new() { Action = "cancel" }, Content(false), new() { Action = "accept" }])
        {
            answer = no;
            var declined = await client.CallToolAsync(tool, arguments);
            Assert.Equal("confirmation_declined", declined.StructuredContent!.Value.GetProperty("error").GetProperty("code").GetString());
            Assert.Equal(2, await LiveAsync());
        }

        answer = Content(true);
        var done = await client.CallToolAsync(tool, arguments);

        Assert.NotEqual(true, done.IsError);
        Assert.Equal(3, await LiveAsync());
        Assert.Equal(5, asked.Count);
        Assert.All(asked, a => Assert.Contains("generation 2 (310 products", a, StringComparison.Ordinal));
        // In a session the question is part of the call; in the stateless revision each round is a call of its own.
        var outcomes = _server.Server.Calls.All.Where(c => c.Name == tool).Select(c => c.Outcome).ToList();
        Assert.Equal(version == TestServer.Modern ? 5 : 0, outcomes.Count(o => o == "input_required"));
        Assert.Equal(4, outcomes.Count(o => o == "confirmation_declined"));
    }

    [Fact]
    public async Task Answer_OnTheWire_IsTakenOnce()
    {
        var question = await SendAsync(_server.Operator, Rollback, "{}");
        var state = Question(question)!;
        Assert.Equal("input_required", question.GetProperty("result").GetProperty("resultType").GetString());
        Assert.Equal("elicitation/create", question.GetProperty("result").GetProperty("inputRequests").GetProperty("confirm").GetProperty("method").GetString());

        // Nothing answered yet: asked again.
        Assert.NotNull(Question(await SendAsync(_server.Operator, Rollback, "{}", state, "{}")));
        var done = await SendAsync(_server.Operator, Rollback, "{}", state, Yes);
        var again = await SendAsync(_server.Operator, Rollback, "{}", state, Yes);

        Assert.Equal(3, done.GetProperty("result").GetProperty("structuredContent").GetProperty("generation").GetProperty("number").GetInt32());
        AssertUnusable(again);
        Assert.Equal(3, await LiveAsync());
    }

    [Fact]
    public async Task Answer_Replayed_StartsNoSecondJob()
    {
        var state = Question(await SendAsync(_server.Operator, Start, """{"force":true,"wait":true}"""))!;
        await SendAsync(_server.Operator, Start, """{"force":true,"wait":true}""", state, Yes);
        AssertUnusable(await SendAsync(_server.Operator, Start, """{"force":true,"wait":true}""", state, Yes));
        Assert.Equal(3, await LiveAsync());
    }

    [Fact]
    public async Task Answer_OfAnotherCallerCallOrScope_IsRefusedAlike()
    {
        var both = _server.Server.Keys.Add("both", "EU", "all-of-sample", "eu-retail");
        var state = Question(await SendAsync(both, Rollback, "{}"))!;
        var forged = Forge(state);
        JsonElement[] refusals =
        [
            await SendAsync(both, Rollback, "{}", forged, Yes),
            await SendAsync(both, Rollback, "{}", "", Yes),
            await SendAsync(both, Rollback, "{}", new string('A', 10_000), Yes),
            await SendAsync(_server.Operator, Rollback, "{}", state, Yes),
            await SendAsync(_server.Server.Administrator, Rollback, """{"catalog":"sample"}""", state, Yes),
            await SendAsync(both, Rollback, "{}", state, Yes, groups: "all-of-sample"),
            await SendAsync(both, Start, """{"force":true}""", state, Yes),
            await SendAsync(both, Start, "{}", state, Yes),
        ];

        Assert.All(refusals, AssertUnusable);
        Assert.Single(refusals.Select(r => r.GetRawText()).Distinct());
        Assert.Equal(2, await LiveAsync());
        Assert.True((await SendAsync(both, Rollback, "{}", state, Yes)).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Overrides_AreConfirmedByNameAndReason()
    {
        const string Opened = """{"overrides":[{"gate":"deleted","reason":"the spring range is gone"}]}""";
        var error = (await _server.CallAsync(_server.Operator, Start, Opened)).GetProperty("error");
        var asked = (await SendAsync(_server.Operator, Start, Opened)).GetProperty("result").GetProperty("inputRequests").GetRawText();

        Assert.Equal("confirmation_required", error.GetProperty("code").GetString());
        Assert.All([error.GetRawText(), asked], text => Assert.Contains("deleted (the spring range is gone)", text, StringComparison.Ordinal));
        Assert.Equal(2, await LiveAsync());
    }

    [Fact]
    public async Task Incremental_OfChanges_IsNotAskedAbout() =>
        Assert.Null(Question(await SendAsync(_server.Operator, Start, """{"mode":"incremental"}""")));

    [Theory]
    [InlineData("""{"overrides":[{"gate":"deleted","reason":"one reason"}]}""", """{"overrides":[{"gate":"deleted","reason":"another reason"}]}""")]
    [InlineData("""{"overrides":[{"gate":"deleted","reason":"one reason"}]}""", """{"overrides":[{"gate":"rejected","reason":"one reason"}]}""")]
    [InlineData("""{"force":true}""", """{"force":true,"mode":"incremental"}""")]
    [InlineData("""{"force":true}""", """{"force":false}""")]
    [InlineData("""{"force":true}""", """{"force":true,"idempotency_key":"k"}""")]
    [InlineData("{}", """{"force":true}""")]
    public async Task Answer_ForOtherOptions_IsRefused(string asked, string answered)
    {
        var state = Question(await SendAsync(_server.Operator, Start, asked))!;
        AssertUnusable(await SendAsync(_server.Operator, Start, answered, state, Yes));
    }

    [Fact]
    public async Task Answer_AfterTheCatalogHasChanged_IsRefused()
    {
        var state = Question(await SendAsync(_server.Operator, Rollback, "{}"))!;
        _server.Write(ReindexServer.Sample, 320);
        await _server.RunAsync(_server.Operator, """{"wait":true}""");

        AssertUnusable(await SendAsync(_server.Operator, Rollback, "{}", state, Yes));
        Assert.Equal(3, await LiveAsync());
    }

    [Fact]
    public void State_HoldsForItsTimeOnEveryNodeAndNotUnderAnotherSecret()
    {
        var caller = _server.Server.ScopeOf(_server.Operator);
        var question = new ConfirmationQuestion(Rollback, "Really?", "sample|2|1");
        ConfirmationSeals Node(string secret) => new(new FixedSeal(secret), _time);
        var state = Node("one").Make(caller, question);

        Assert.Null(Node("two").Open(state, caller, question));
        _time.Advance(ConfirmationSeals.Lifetime - TimeSpan.FromSeconds(1));
        Assert.NotNull(Node("one").Open(state, caller, question));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Node("one").Open(state, caller, question));
    }

    private async Task<McpClient> ConnectAsync(string version, Func<ElicitRequestParams, ElicitResult> answer)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = _server.Server.Endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["X-API-Key"] = _server.Operator },
        });
        return await McpClient.CreateAsync(transport, new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "tests", Version = "1" },
            ProtocolVersion = version,
            Handlers = new McpClientHandlers { ElicitationHandler = (question, _) => ValueTask.FromResult(answer(question!)) },
        });
    }

    private static ElicitResult Content(bool confirm) => new()
    {
        Action = "accept",
        Content = new Dictionary<string, JsonElement> { ["confirm"] = JsonSerializer.SerializeToElement(confirm) },
    };

    /// <summary>A call of a client of the stateless revision that can be asked.</summary>
    private async Task<JsonElement> SendAsync(string key, string tool, string arguments, string? state = null, string? answers = null, string? groups = null)
    {
        using var request = RawMcp.Call(key, tool, arguments);
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync())!;
        body["params"]!["_meta"]!["io.modelcontextprotocol/clientCapabilities"] = JsonNode.Parse("""{"elicitation":{"form":{}}}""");
        if (state is not null)
        {
            body["params"]!["requestState"] = state;
        }

        if (answers is not null)
        {
            body["params"]!["inputResponses"] = JsonNode.Parse(answers);
        }

        using var changed = RawMcp.Post(key, body.ToJsonString(), version: TestServer.Modern);
        changed.Headers.Add("Mcp-Method", "tools/call");
        changed.Headers.Add("Mcp-Name", tool);
        if (groups is not null)
        {
            changed.Headers.Add("X-Group-Context", groups);
        }

        using var response = await _server.Server.Http.SendAsync(changed);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await RawMcp.MessageAsync(response);
    }

    private static string? Question(JsonElement message) =>
        message.GetProperty("result").TryGetProperty("requestState", out var state) ? state.GetString() : null;

    private static string Forge(string state) => (state[0] == 'A' ? 'B' : 'A') + state[1..];

    private static void AssertUnusable(JsonElement message)
    {
        Assert.True(message.TryGetProperty("error", out var error), message.GetRawText());
        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.StartsWith("confirmation_unusable: ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<long> LiveAsync() => _server.LiveAsync(ReindexServer.Sample);
}
