using System.Net;
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
        await _server.Sessions.EndIdleAsync();
        Assert.NotNull(_server.Sessions.Find(session));

        _time.Advance(TimeSpan.FromMinutes(2));
        await _server.Sessions.EndIdleAsync();
        Assert.Null(_server.Sessions.Find(session));
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
