using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>What a client hears while a call runs: progress when it asked for it, log messages from the level it asked for.</summary>
public sealed class FeedbackTests : IAsyncLifetime
{
    private static readonly LoggingLevel[] Levels = Enum.GetValues<LoggingLevel>();

    private readonly StepTool _tool = new();
    private readonly TestServer _server;

    public FeedbackTests() => _server = new TestServer(services => services
        .AddSingleton<IMcpTool>(_tool)
        .AddSingleton<IMcpTool, BrokenTool>()
        .AddSingleton<ICatalogIndex>(new DegradedIndex { Inner = new OracleIndex(TestCatalog.All, TimeProvider.System) }));

    public static TheoryData<string, string?> Asked => new()
    {
        { TestServer.Modern, null }, { TestServer.Modern, "debug" }, { TestServer.Modern, "warning" }, { TestServer.Modern, "emergency" },
        { TestServer.Legacy, null }, { TestServer.Legacy, "debug" }, { TestServer.Legacy, "warning" }, { TestServer.Legacy, "emergency" },
        { "2025-03-26", "error" },
    };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Log_ArrivesFromTheLevelAskedForOnly(string version, string? level)
    {
        await using var stream = await CallAsync(version, level, "log", token: null);
        var feedback = await _tool["log"].Started.Task.WaitAsync(EventReader.Patience);
        foreach (var each in Levels)
        {
            await feedback.LogAsync(each, $"at {each}", CancellationToken.None);
        }

        _tool["log"].Finish.SetResult();
        var heard = new List<string>();
        JsonElement? message;
        while ((message = await stream.MessageAsync()) is { } each && !each.TryGetProperty("result", out _))
        {
            Assert.Equal("notifications/message", each.GetProperty("method").GetString());
            Assert.Equal("aiplatform", each.GetProperty("params").GetProperty("logger").GetString());
            heard.Add(each.GetProperty("params").GetProperty("data").GetString()!);
        }

        var expected = level is null ? [] : Levels.Where(l => l >= Enum.Parse<LoggingLevel>(level, ignoreCase: true)).Select(l => $"at {l}");
        Assert.Equal(expected, heard);
    }

    [Theory]
    [InlineData(TestServer.Modern)]
    [InlineData(TestServer.Legacy)]
    public async Task Log_OfACallThatFails_NamesTheReference(string version)
    {
        using var request = await RequestAsync(version, "warning", BrokenTool.Name, "{}", token: null);
        await using var stream = new EventReader(await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        var log = (await stream.MessageAsync())!.Value.GetProperty("params");
        var answer = (await stream.MessageAsync())!.Value.GetProperty("result").GetProperty("structuredContent").GetProperty("error");

        Assert.Equal("warning", log.GetProperty("level").GetString());
        var reference = log.GetProperty("data").GetString()!.TrimEnd('.').Split(' ')[^1];
        Assert.Contains(reference, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("internal_error", answer.GetProperty("code").GetString());
        Assert.DoesNotContain("inner workings", log.GetRawText() + answer.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search_products", """{"catalog":"sample","query":"headphones"}""")]
    [InlineData("find_similar_products", """{"catalog":"sample","id":"e-00"}""")]
    public async Task Log_OfAnAnswerThatIsLess_SaysWhy(string tool, string arguments)
    {
        using var request = await RequestAsync(TestServer.Modern, "info", tool, arguments, token: null);
        await using var stream = new EventReader(await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        var log = (await stream.MessageAsync())!.Value.GetProperty("params");
        var answer = (await stream.MessageAsync())!.Value.GetProperty("result").GetProperty("structuredContent");

        Assert.Equal("warning", log.GetProperty("level").GetString());
        Assert.EndsWith(answer.GetProperty("degraded").GetString()!, log.GetProperty("data").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TestServer.Modern)]
    [InlineData(TestServer.Legacy)]
    [InlineData("2024-11-05")]
    public async Task Progress_WithToken_ArrivesInOrderOnTheCallsOwnStream(string version)
    {
        await using var other = await CallAsync(version, null, "quiet", token: null);
        await using var stream = await CallAsync(version, null, "loud", token: "p-1");
        var feedback = await _tool["loud"].Started.Task.WaitAsync(EventReader.Patience);
        var silent = await _tool["quiet"].Started.Task.WaitAsync(EventReader.Patience);
        foreach (var done in (double[])[1, 2, 2, 1.5, 3])
        {
            await feedback.ProgressAsync(done, 3, "on", CancellationToken.None);
            await silent.ProgressAsync(done, 3, "on", CancellationToken.None);
        }

        _tool["loud"].Finish.SetResult();
        _tool["quiet"].Finish.SetResult();
        var heard = new List<double>();
        JsonElement? message;
        while ((message = await stream.MessageAsync()) is { } each && !each.TryGetProperty("result", out _))
        {
            Assert.Equal("p-1", each.GetProperty("params").GetProperty("progressToken").GetString());
            heard.Add(each.GetProperty("params").GetProperty("progress").GetDouble());
        }

        Assert.True(feedback.WantsProgress);
        Assert.False(silent.WantsProgress);
        Assert.Equal([1, 2, 3], heard);
        Assert.True((await other.MessageAsync())!.Value.TryGetProperty("result", out _));
    }

    [Theory]
    [InlineData(TestServer.Legacy)]
    [InlineData("2025-06-18")]
    [InlineData("2025-03-26")]
    [InlineData("2024-11-05")]
    public async Task Ping_InASession_IsAnswered(string version)
    {
        await using var client = await _server.ConnectAsync(_server.Europe, version);

        await client.PingAsync();
    }

    [Theory]
    [InlineData("sometimes")]
    [InlineData("")]
    public async Task SetLevel_UnknownLevel_IsRefused(string level)
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        using var request = RawMcp.Post(_server.Europe, $$$"""{"jsonrpc":"2.0","id":3,"method":"logging/setLevel","params":{"level":"{{{level}}}"}}""", session);
        using var response = await _server.Http.SendAsync(request);

        Assert.True((await RawMcp.MessageAsync(response)).TryGetProperty("error", out _));
    }

    private async Task<EventReader> CallAsync(string version, string? level, string name, string? token)
    {
        using var request = await RequestAsync(version, level, StepTool.Name, $$"""{"name":"{{name}}"}""", token);
        return new EventReader(await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    private async Task<HttpRequestMessage> RequestAsync(string version, string? level, string tool, string arguments, string? token)
    {
        if (version == TestServer.Modern)
        {
            var modern = RawMcp.Call(_server.Europe, tool, arguments);
            var body = JsonNode.Parse(await modern.Content!.ReadAsStringAsync())!;
            Add(body["params"]!["_meta"]!.AsObject(), "io.modelcontextprotocol/logLevel", level);
            Add(body["params"]!["_meta"]!.AsObject(), "progressToken", token);
            modern.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            return modern;
        }

        using var open = RawMcp.Post(_server.Europe, RawMcp.Initialize.Replace(TestServer.Legacy, version, StringComparison.Ordinal));
        using var opened = await _server.Http.SendAsync(open);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        Assert.True((await RawMcp.MessageAsync(opened)).GetProperty("result").GetProperty("capabilities").TryGetProperty("logging", out _));
        if (level is not null)
        {
            using var set = RawMcp.Post(_server.Europe, $$$"""{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"{{{level}}}"}}""", session);
            using var done = await _server.Http.SendAsync(set);
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        }

        var meta = new JsonObject();
        Add(meta, "progressToken", token);
        var call = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 7,
            ["method"] = "tools/call",
            ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments), ["_meta"] = meta },
        };
        return RawMcp.Post(_server.Europe, call.ToJsonString(), session);
    }

    private static void Add(JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    /// <summary>An index that has lost its embeddings.</summary>
    private sealed class DegradedIndex : ForwardingIndex
    {
        public override async ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken) =>
            await Inner.SearchAsync(scope, query, cancellationToken) with { Degraded = "no vectors" };

        public override async ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken) =>
            await Inner.FindSimilarAsync(scope, query, cancellationToken) with { Degraded = "no vectors" };
    }

    private sealed class BrokenTool : IMcpTool
    {
        public const string Name = "broken";

        public Tool Definition { get; } = new() { Name = Name, InputSchema = ToolJson.Schema("""{"type":"object","properties":{}}""") };

        public bool IsOffered(AccessScope scope, DateTimeOffset now) => true;

        public ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => throw new InvalidOperationException("inner workings");
    }
}
