using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.McpServer.Tests.Mcp.Changes;
using AiPlatform.McpServer.Tests.Stdio;

namespace AiPlatform.McpServer.Tests.Mcp.Auditing;

/// <summary>Every call, read, prompt, completion, subscription and refusal leaves exactly one record, whichever way it takes, and none tells what was asked.</summary>
public sealed class CallLogTests : IAsyncLifetime
{
    /// <summary>A word in everything a client can write freely.</summary>
    private const string Typed = "unmistakable";

    private readonly List<TestServer> _servers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    public static TheoryData<bool, string> Ways => new() { { true, "modern" }, { false, "modern" }, { true, "session" }, { false, "session" }, { true, "stdio" } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task EverythingOffered_LeavesOneRecord(bool direct, string way)
    {
        var server = await StartAsync($"--Mcp:DirectToolCalls={direct}");
        await using var ask = await OpenAsync(server, way);
        foreach (var (tool, arguments) in AccessRows.Tools)
        {
            await ExpectAsync(server, ask, "tools/call", new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) }, "name", tool, null);
        }

        foreach (var offer in AccessRows.Offers)
        {
            var parts = offer.Name.Split(' ');
            var name = parts[0] switch
            {
                "resource" or "template" => offer.Name.EndsWith("second", StringComparison.Ordinal) ? "second" : "sample",
                _ => parts[1],
            };
            await ExpectAsync(server, ask, offer.Method, JsonNode.Parse(offer.Parameters)!.AsObject(), offer.Header, name, CallRecord.Ok);
        }

        await ExpectAsync(server, ask, "tools/call", Call("search_products", new JsonObject { ["query"] = Typed, [Typed] = 1 }), "name", "search_products", "unknown_argument");
        await ExpectAsync(server, ask, "tools/call", Call("get_products", new JsonObject { ["catalog"] = "sample", ["ids"] = new JsonArray(Typed) }), "name", "get_products", null);
        await ExpectAsync(server, ask, "tools/call", Call(Typed, []), "name", "", "-32602");
        await ExpectAsync(server, ask, "resources/read", new JsonObject { ["uri"] = $"product://sample/{Typed}" }, "uri", "sample", null);
        await ExpectAsync(server, ask, "resources/read", new JsonObject { ["uri"] = $"file://{Typed}" }, "uri", "", null);
        await ExpectAsync(server, ask, "prompts/get", new JsonObject { ["name"] = Typed }, "name", "", "-32602");
        await ExpectAsync(server, ask, "prompts/get", new JsonObject { ["name"] = "find_product", ["arguments"] = new JsonObject { ["need"] = Typed } }, "name", "find_product", CallRecord.Ok);
        if (way != "modern")
        {
            await ExpectAsync(server, ask, "resources/subscribe", new JsonObject { ["uri"] = $"product://sample/{Typed}" }, null, "sample", CallRecord.Ok);
        }

        Assert.All(server.Calls.All, c =>
        {
            Assert.DoesNotContain(Typed, c.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.Equal(server.ScopeOf(server.Administrator).Subject, c.Subject);
            Assert.Equal<string>(["administrators"], c.Groups);
            Assert.InRange(c.Milliseconds, 0, 600_000);
        });
    }

    [Fact]
    public async Task Lists_AndPings_AreNotRecorded()
    {
        var server = await StartAsync();
        foreach (var method in (string[])["tools/list", "prompts/list", "resources/list", "server/discover"])
        {
            using var request = RawMcp.Modern(server.Europe, method);
            using var response = await server.Http.SendAsync(request);
        }

        await server.CallAsync(server.Europe, "whoami", "{}");
        await Eventually.IsAsync(() => server.Calls.All.Count > 0, "a record");
        Assert.Equal("tools/call", Assert.Single(server.Calls.All).Method);
    }

    [Fact]
    public async Task Listening_IsRecordedWhenItEnds()
    {
        var server = await StartAsync();
        using (await NoticeStream.ListenAsync(server, server.Europe, new JsonObject { ["resourceSubscriptions"] = new JsonArray($"product://sample/{Typed}") }))
        {
            Assert.Empty(server.Calls.All);
        }

        await Eventually.IsAsync(() => server.Calls.All.Count > 0, "a record");
        var call = Assert.Single(server.Calls.All);
        Assert.Equal(("subscriptions/listen", "", CallRecord.Cancelled), (call.Method, call.Name, call.Outcome));
    }

    [Fact]
    public async Task RefusedRequests_LeaveOneRecord()
    {
        var server = await StartAsync();
        using var stolen = RawMcp.Post(server.America, """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}""", await server.OpenSessionAsync(server.Europe));
        using var narrowed = RawMcp.Call(server.Europe, "whoami", "{}");
        narrowed.Headers.Add("X-Group-Context", "partners");
        foreach (var (request, status, record) in new[]
        {
            (RawMcp.Post(null, RawMcp.Initialize), HttpStatusCode.Unauthorized, " |||api_key_missing"),
            (RawMcp.Call("aip_0_wrong", "whoami", "{}"), HttpStatusCode.Unauthorized, " |||api_key_invalid"),
            (narrowed, HttpStatusCode.Forbidden, server.ScopeOf(server.Europe).Subject + " |||"),
            (stolen, HttpStatusCode.Forbidden, server.ScopeOf(server.America).Subject + " us-wholesale|tools/call|whoami|session_not_yours"),
        })
        {
            var before = server.Calls.All.Count;
            using var response = await server.Http.SendAsync(request);

            Assert.Equal(status, response.StatusCode);
            var call = Assert.Single(server.Calls.All.Skip(before));
            Assert.StartsWith(record, $"{call.Subject} {string.Join(',', call.Groups)}|{call.Method}|{call.Name}|{call.Outcome}", StringComparison.Ordinal);
            Assert.NotEmpty(call.Outcome);
        }
    }

    [Fact]
    public async Task Refusals_OfOneAddress_AreBounded()
    {
        var server = await StartAsync();
        for (var i = 0; i < 3 * FailedCredentialLimiter.PerMinute; i++)
        {
            using var request = RawMcp.Call(i % 2 == 0 ? "" : "aip_0_wrong", "whoami", "{}");
            using var response = await server.Http.SendAsync(request);
        }

        // The minute may turn on the way.
        Assert.InRange(server.Calls.All.Count, FailedCredentialLimiter.PerMinute, 2 * FailedCredentialLimiter.PerMinute);
    }

    private static JsonObject Call(string tool, JsonObject arguments) => new() { ["name"] = tool, ["arguments"] = arguments };

    private static async Task ExpectAsync(TestServer server, Connection ask, string method, JsonObject parameters, string? header, string name, string? outcome)
    {
        var before = server.Calls.All.Count;
        await ask.Send(method, parameters, header is null ? null : parameters[header]!.GetValue<string>());
        // The record is made behind the answer.
        await Eventually.IsAsync(() => server.Calls.All.Count > before, $"a record of {method} {name}");
        var call = server.Calls.All[before];

        Assert.Equal((method, name), (call.Method, call.Name));
        Assert.Equal(before + 1, server.Calls.All.Count);
        if (outcome is not null)
        {
            Assert.Equal(outcome, call.Outcome);
        }
    }

    private async Task<TestServer> StartAsync(params string[] args)
    {
        var server = new TestServer(null, args);
        _servers.Add(server);
        await server.InitializeAsync();
        return server;
    }

    private static async Task<Connection> OpenAsync(TestServer server, string way)
    {
        if (way == "stdio")
        {
            var wire = new StdioWire(server, server.Administrator);
            await wire.InitializeAsync();
            return new Connection((method, parameters, _) => AskAsync(wire, Body(method, parameters)), wire.DisposeAsync);
        }

        var session = way == "session" ? await server.OpenSessionAsync(server.Administrator) : null;
        return new Connection(
            async (method, parameters, name) =>
            {
                using var request = session is null ? RawMcp.Modern(server.Administrator, method, parameters.DeepClone().AsObject(), name) : RawMcp.Post(server.Administrator, Body(method, parameters), session);
                using var response = await server.Http.SendAsync(request);
                await response.Content.ReadAsStringAsync();
            },
            () => ValueTask.CompletedTask);
    }

    private static async Task AskAsync(StdioWire wire, string message)
    {
        await wire.SendAsync(message);
        while (!(await wire.ReadAsync()).TryGetProperty("id", out _))
        {
        }
    }

    private static string Body(string method, JsonObject parameters) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = Guid.NewGuid().ToString(), ["method"] = method, ["params"] = parameters.DeepClone() }.ToJsonString();

    private sealed record Connection(Func<string, JsonObject, string?, Task> Send, Func<ValueTask> Close) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Close();
    }
}
