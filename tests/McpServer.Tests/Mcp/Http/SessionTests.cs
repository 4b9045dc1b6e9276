using System.Net;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

public sealed class SessionTests : IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"whoami","arguments":{}}}""";
    private const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""";

    private readonly SteppedTime _time = new();
    private readonly TestServer _server;

    public SessionTests() => _server = new TestServer(services => services.AddSingleton<TimeProvider>(_time), "--Mcp:MaxSessions=3");

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Session_Ids_Are128RandomBits()
    {
        var first = await _server.OpenSessionAsync(_server.Europe);
        var second = await _server.OpenSessionAsync(_server.Europe);

        Assert.Matches("^[0-9a-f]{32}$", first);
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("POST", Call)]
    [InlineData("POST", List)]
    [InlineData("GET", null)]
    [InlineData("DELETE", null)]
    public async Task Session_OfAnotherKey_IsRefusedAndLives(string method, string? body)
    {
        var session = await _server.OpenSessionAsync(_server.Europe);

        using var stolen = Request(method, _server.America, session, body);
        using var refused = await _server.Http.SendAsync(stolen);
        using var own = RawMcp.Post(_server.Europe, List, session);
        using var served = await _server.Http.SendAsync(own);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData("POST", Call, HttpStatusCode.NotFound)]
    [InlineData("POST", List, HttpStatusCode.NotFound)]
    [InlineData("GET", null, HttpStatusCode.NotFound)]
    [InlineData("DELETE", null, HttpStatusCode.NotFound)]
    public async Task Session_Unknown_Answers404(string method, string? body, HttpStatusCode status)
    {
        using var request = Request(method, _server.Europe, "00000000000000000000000000000000", body);
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(-32001, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData(Call)]
    [InlineData(List)]
    public async Task Session_MissingAndNotInitialize_Answers400(string body)
    {
        using var request = RawMcp.Post(_server.Europe, body);
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32000, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Session_FailedHandshake_LeavesNothingBehind()
    {
        using var request = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":5}}""");
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await RawMcp.MessageAsync(response)).TryGetProperty("error", out _));
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(0, _server.Sessions.Count);
    }

    [Fact]
    public async Task Session_Deleted_IsGone()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        using var delete = Request("DELETE", _server.Europe, session, null);
        using var deleted = await _server.Http.SendAsync(delete);
        using var again = RawMcp.Post(_server.Europe, List, session);
        using var gone = await _server.Http.SendAsync(again);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Session_BeyondTheLimit_EndsTheLongestIdle()
    {
        var sessions = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            sessions.Add(await _server.OpenSessionAsync(i % 2 == 0 ? _server.Europe : _server.America));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        using var old = RawMcp.Post(_server.Europe, List, sessions[0]);
        using var gone = await _server.Http.SendAsync(old);
        using var young = RawMcp.Post(_server.Europe, List, sessions[4]);
        using var served = await _server.Http.SendAsync(young);

        Assert.True(_server.Sessions.Count <= 3);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Session_KeyRevoked_StopsAtItsNextRequest()
    {
        var key = _server.Keys.Add("passing", "EU", "eu-retail");
        var session = await _server.OpenSessionAsync(key);
        _server.Keys.Revoke(key);

        using var request = RawMcp.Post(key, Call, session);
        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Session_KeyRevoked_EndsWithoutAnotherRequest()
    {
        var key = _server.Keys.Add("leaving", "EU", "eu-retail");
        var session = await _server.OpenSessionAsync(key);
        using var listen = Request("GET", key, session, null);
        await using var stream = new EventReader(await _server.Http.SendAsync(listen, HttpCompletionOption.ResponseHeadersRead));
        await CheckAsync();
        Assert.NotNull(_server.Sessions.Find(session));

        _server.Keys.Revoke(key);
        await CheckAsync();

        Assert.Null(await stream.MessageAsync());
        await Eventually.IsAsync(() => _server.Sessions.Find(session) is null, "the session ended");
    }

    [Fact]
    public async Task Session_WhoseConnectionClosed_IsGone()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        await _server.Sessions.Find(session)!.Transport.DisposeAsync();

        await Eventually.IsAsync(() => _server.Sessions.Find(session) is null, "the session ended");
        using var request = RawMcp.Post(_server.Europe, List, session);
        using var gone = await _server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Session_BeyondTheCallersShare_EndsTheCallersOwn()
    {
        var server = new TestServer(services => services.AddSingleton<TimeProvider>(_time), "--Mcp:MaxSessionsPerCaller=2");
        await server.InitializeAsync();
        try
        {
            var other = await server.OpenSessionAsync(server.America);
            var own = new List<string>();
            for (var i = 0; i < 5; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                own.Add(await server.OpenSessionAsync(server.Europe));
            }

            Assert.Equal(own[3..], own.Where(id => server.Sessions.Find(id) is not null));
            Assert.NotNull(server.Sessions.Find(other));
            Assert.Equal(3, server.Sessions.Count);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Session_TooManyRequestsAtOnce_RefusesTheNext()
    {
        var tool = new StepTool();
        var server = new TestServer(services => services.AddSingleton<AiPlatform.McpServer.Mcp.Tools.IMcpTool>(tool), "--Mcp:MaxRunningPerSession=2");
        await server.InitializeAsync();
        try
        {
            var session = await server.OpenSessionAsync(server.Europe);
            for (var i = 0; i < 2; i++)
            {
                // The client leaves each; the calls go on and count.
                using var call = RawMcp.Post(server.Europe, $$$$"""{"jsonrpc":"2.0","id":{{{{i}}}},"method":"tools/call","params":{"name":"step","arguments":{"name":"{{{{i}}}}"}}}""", session);
                using var left = await server.Http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead);
                await tool[$"{i}"].Started.Task.WaitAsync(EventReader.Patience);
            }

            using (var third = RawMcp.Post(server.Europe, List, session))
            using (var refused = await server.Http.SendAsync(third))
            {
                Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
                Assert.Equal("too_many_calls", (await RawMcp.MessageAsync(refused)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
            }

            tool["0"].Finish.SetResult();
            await Eventually.IsAsync(() => server.Sessions.Find(session)!.Active == 1, "one call ended");
            using var again = RawMcp.Post(server.Europe, List, session);
            using var served = await server.Http.SendAsync(again);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Session_SecondStream_Answers400()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        using var first = Request("GET", _server.Europe, session, null);
        using var open = await _server.Http.SendAsync(first, HttpCompletionOption.ResponseHeadersRead);
        using var second = Request("GET", _server.Europe, session, null);
        using var refused = await _server.Http.SendAsync(second);

        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Equal("text/event-stream", open.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Session_Idle_EndsAfterItsTimeout()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        _time.Advance(TimeSpan.FromMinutes(119));
        await _server.Sessions.SweepAsync();
        Assert.NotNull(_server.Sessions.Find(session));

        _time.Advance(TimeSpan.FromMinutes(2));
        await _server.Sessions.SweepAsync();
        Assert.Null(_server.Sessions.Find(session));
    }

    private Task CheckAsync()
    {
        _time.Advance(CallerWatch.Interval);
        return _server.Services.GetRequiredService<CallerWatch>().RoundAsync();
    }

    private static HttpRequestMessage Request(string method, string key, string session, string? body)
    {
        if (body is not null)
        {
            return RawMcp.Post(key, body, session);
        }

        var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        request.Headers.Add("X-API-Key", key);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }
}
