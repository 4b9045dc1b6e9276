using System.Net;
using AiPlatform.McpServer.Mcp.Http.Events;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>Silence on a stream is broken by comments, by a clock the test moves.</summary>
public sealed class KeepAliveTests : IAsyncLifetime
{
    private readonly SteppedTimers _time = new();
    private readonly StepTool _tool = new();
    private readonly TestServer _server;

    public KeepAliveTests() => _server = new TestServer(services => services.AddSingleton<TimeProvider>(_time).AddSingleton<IMcpTool>(_tool));

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task UnsolicitedStream_Silent_CarriesACommentEveryFifteenSeconds()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Add("X-API-Key", _server.Europe);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Accept.ParseAdd("text/event-stream");
        var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = new EventReader(response);
        Assert.Equal("", await stream.NextAsync());

        await AssertCommentsAsync(stream);
        Assert.Equal(session, response.Headers.GetValues("Mcp-Session-Id").Single());
    }

    [Fact]
    public async Task Call_OfTheStatelessRevision_SilentForLong_CarriesComments()
    {
        using var request = RawMcp.Call(_server.Europe, StepTool.Name, """{"name":"slow"}""");
        var sent = _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await _tool["slow"].Started.Task.WaitAsync(EventReader.Patience);
        Assert.False(sent.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await using var stream = new EventReader(await sent.WaitAsync(EventReader.Patience));

        await AssertCommentsAsync(stream);
        _tool["slow"].Finish.SetResult();
        Assert.True((await stream.MessageAsync())!.Value.TryGetProperty("result", out _));
        Assert.Null(await stream.MessageAsync());
    }

    [Fact]
    public async Task Call_InASession_CommentsNeverSplitAnEvent()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        using var request = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"step","arguments":{"name":"many"},"_meta":{"progressToken":1}}}""", session);
        await using var stream = new EventReader(await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
        var feedback = await _tool["many"].Started.Task.WaitAsync(EventReader.Patience);
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 200; i++)
            {
                await feedback.ProgressAsync(i, 200, new string('x', 500), CancellationToken.None);
            }

            _tool["many"].Finish.SetResult();
        });
        var ticking = Task.Run(() =>
        {
            while (!writing.IsCompleted)
            {
                _time.Advance(EventBody.KeepAlive);
            }
        });
        for (var i = 1; i <= 200; i++)
        {
            Assert.Equal(i, (await stream.MessageAsync())!.Value.GetProperty("params").GetProperty("progress").GetInt32());
        }

        Assert.True((await stream.MessageAsync())!.Value.TryGetProperty("result", out _));
        await writing;
        await ticking;
    }

    [Fact]
    public async Task AnswersThatEnded_LeaveNoTimer()
    {
        var before = _time.Pending;
        for (var i = 0; i < 20; i++)
        {
            using var request = RawMcp.Modern(_server.Europe, "tools/list");
            using var response = await _server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await Eventually.IsAsync(() => _time.Pending == before, "all timers are gone");
    }

    private async Task AssertCommentsAsync(EventReader stream)
    {
        for (var i = 0; i < 3; i++)
        {
            var line = stream.LineAsync();
            _time.Advance(EventBody.KeepAlive - TimeSpan.FromMilliseconds(1));
            Assert.False(line.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(": keep-alive", await line);
            Assert.Equal("", await stream.LineAsync());
        }
    }
}
