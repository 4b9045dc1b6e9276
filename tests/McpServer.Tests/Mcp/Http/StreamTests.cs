using System.Net;
using System.Text.Json;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>Streams that are lost and found again, by raw HTTP: what a client sees on the wire.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private readonly StepTool _tool = new();
    private readonly TestServer _server;

    public StreamTests() => _server = new TestServer(services => services.AddSingleton<IMcpTool>(_tool), "--Mcp:ReplayEventsPerSession=20");

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Call_StreamLostMidway_TheRestIsFetchedByEventId()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        var run = _tool["lost"];
        string seen;
        await using (var lost = await CallAsync(session, "lost", "t1"))
        {
            Assert.Equal("", await lost.NextAsync());
            var feedback = await Begun(run);
            await feedback.ProgressAsync(1, 3, "one", CancellationToken.None);
            Assert.Equal(1, Progress(await lost.MessageAsync()));
            seen = lost.LastId!;
        }

        await (await Begun(run)).ProgressAsync(2, 3, "two", CancellationToken.None);
        using var request = Get(_server.Europe, session, seen);
        await using var found = await OpenAsync(request);
        Assert.Equal(2, Progress(await found.MessageAsync()));
        await (await Begun(run)).ProgressAsync(3, 3, "three", CancellationToken.None);
        Assert.Equal(3, Progress(await found.MessageAsync()));
        run.Finish.SetResult();
        var answer = await found.MessageAsync();

        Assert.Equal(7, answer!.Value.GetProperty("id").GetInt32());
        Assert.True(answer.Value.GetProperty("result").GetProperty("structuredContent").GetProperty("done").GetBoolean());
        Assert.Null(await found.MessageAsync());
        Assert.False(run.Cancelled.Task.IsCompleted);
    }

    [Fact]
    public async Task Call_Answered_IsReplayedFromItsFirstEvent()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        _tool["done"].Finish.SetResult();
        await using var first = await CallAsync(session, "done");
        Assert.Equal("", await first.NextAsync());
        var start = first.LastId!;
        var answer = await first.MessageAsync();
        var end = first.LastId!;

        using var again = Get(_server.Europe, session, start);
        await using var replay = await OpenAsync(again);
        Assert.Equal(answer!.Value.GetRawText(), (await replay.MessageAsync())!.Value.GetRawText());
        Assert.Equal(end, replay.LastId);
        Assert.Null(await replay.MessageAsync());

        // Only now: a later reader relieves an earlier one.
        using var rest = Get(_server.Europe, session, end);
        await using var nothing = await OpenAsync(rest);
        Assert.Null(await nothing.MessageAsync());
    }

    [Fact]
    public async Task EventId_IsUnguessableAndDiffersFromStreamToStream()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        var ids = new List<string>();
        foreach (var name in (string[])["a", "b"])
        {
            _tool[name].Finish.SetResult();
            await using var stream = await CallAsync(session, name);
            await stream.NextAsync();
            ids.Add(stream.LastId!);
        }

        Assert.All(ids, id => Assert.Matches(@"^[A-Za-z0-9_-]{22}\.1$", id));
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA.1")]
    [InlineData("1")]
    [InlineData(".1")]
    public async Task EventId_Unknown_IsRefused(string id)
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        using var request = Get(_server.Europe, session, id);
        await AssertEventUnknownAsync(request);
    }

    [Fact]
    public async Task EventId_OfAnotherSession_IsRefusedLikeAnUnknownOne()
    {
        var (mine, others) = (await _server.OpenSessionAsync(_server.Europe), await _server.OpenSessionAsync(_server.America));
        _tool["hers"].Finish.SetResult();
        await using var stream = await CallAsync(others, "hers", key: _server.America);
        await stream.NextAsync();

        using var request = Get(_server.Europe, mine, stream.LastId!);
        await AssertEventUnknownAsync(request);
        using var asOther = Get(_server.Europe, others, stream.LastId!);
        using var refused = await _server.Http.SendAsync(asOther);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public async Task EventId_AheadOfTheStream_IsRefused(int number)
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        _tool["ahead"].Finish.SetResult();
        await using var stream = await CallAsync(session, "ahead");
        await stream.NextAsync();
        using var request = Get(_server.Europe, session, $"{stream.LastId!.Split('.')[0]}.{number}");
        await AssertEventUnknownAsync(request);
    }

    [Fact]
    public async Task EventId_WhoseFollowersWereDropped_IsRefused()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        var run = _tool["long"];
        await using var stream = await CallAsync(session, "long", "t1");
        await stream.NextAsync();
        var first = stream.LastId!;
        var feedback = await Begun(run);
        for (var i = 1; i <= 30; i++)
        {
            await feedback.ProgressAsync(i, null, "on", CancellationToken.None);
        }

        using (var request = Get(_server.Europe, session, first))
        {
            await AssertEventUnknownAsync(request);
        }

        // The newest twenty are there still: 11 to 30 beside the first answers of the session.
        using var late = Get(_server.Europe, session, $"{first.Split('.')[0]}.20");
        await using var found = await OpenAsync(late);
        Assert.Equal(20, Progress(await found.MessageAsync()));
        run.Finish.SetResult();
    }

    [Fact]
    public async Task UnsolicitedStream_Lost_IsReadOnFromTheLastEvent()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        string seen;
        await using (var first = await ListenAsync(session))
        {
            Assert.Equal("", await first.NextAsync());
            await TellAsync(session, "one");
            Assert.Equal("one", Told(await first.MessageAsync()));
            seen = first.LastId!;
        }

        await Eventually.IsAsync(() => _server.Sessions.Find(session)!.Active == 0, "the stream ended");
        await TellAsync(session, "two");
        await using var second = await ListenAsync(session, seen);
        Assert.Equal("two", Told(await second.MessageAsync()));
        await TellAsync(session, "three");
        Assert.Equal("three", Told(await second.MessageAsync()));
    }

    [Fact]
    public async Task UnsolicitedStream_ResumedWhileTheOldOneSeemsAlive_MovesToTheNewOne()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        await using var old = await ListenAsync(session);
        Assert.Equal("", await old.NextAsync());
        await using var taken = await ListenAsync(session, old.LastId);
        await TellAsync(session, "one");

        Assert.Equal("one", Told(await taken.MessageAsync()));
        Assert.Null(await old.MessageAsync());
        using var plain = Get(_server.Europe, session, null);
        using var refused = await _server.Http.SendAsync(plain);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task UnsolicitedStream_OfARevisionWithoutEventIds_CanBeOpenedAgain()
    {
        var session = await OpenAsync("2025-06-18");
        await using (var first = await ListenAsync(session))
        {
            await TellAsync(session, "one");
            Assert.Equal("one", Told(await first.MessageAsync()));
            Assert.Null(first.LastId);
        }

        await Eventually.IsAsync(() => _server.Sessions.Find(session)!.Active == 0, "the stream ended");
        await TellAsync(session, "lost");
        await using var second = await ListenAsync(session);
        await TellAsync(session, "two");
        Assert.Equal("two", Told(await second.MessageAsync()));
    }

    [Fact]
    public async Task Memory_IsEmptyAfterTheSessionEnded()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        _tool["x"].Finish.SetResult();
        await using (var stream = await CallAsync(session, "x"))
        {
            await stream.NextAsync();
        }

        var memory = _server.Services.GetRequiredService<AiPlatform.McpServer.Mcp.Http.Events.EventMemory>();
        Assert.True(memory.Bytes > 0);
        await _server.Sessions.EndAsync(_server.Sessions.Find(session)!);
        Assert.Equal(0, memory.Bytes);
    }

    [Fact]
    public async Task Call_OfARevisionWithoutEventIds_IsCancelledWhenTheClientLeaves()
    {
        var session = await OpenAsync("2025-06-18");
        var run = _tool["gone"];
        await using (var stream = await CallAsync(session, "gone", "t1"))
        {
            await (await Begun(run)).ProgressAsync(1, 2, "on", CancellationToken.None);
            Assert.Equal(1, Progress(await stream.MessageAsync()));
            Assert.Null(stream.LastId);
        }

        await run.Cancelled.Task.WaitAsync(EventReader.Patience);
        await Eventually.IsAsync(() => _server.Sessions.Find(session)!.Active == 0, "nothing runs in the session");
    }

    [Fact]
    public async Task Call_OfTheStatelessRevision_IsCancelledWhenTheClientLeaves()
    {
        var run = _tool["stateless"];
        using var request = RawMcp.Call(_server.Europe, StepTool.Name, """{"name":"stateless"}""");
        using (await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            await Begun(run);
        }

        await run.Cancelled.Task.WaitAsync(EventReader.Patience);
    }

    [Theory]
    [InlineData(TestServer.Legacy)]
    [InlineData("2025-06-18")]
    public async Task Call_CancelledByTheClient_StopsAndEndsItsStream(string version)
    {
        var session = await OpenAsync(version);
        var run = _tool["off"];
        await using var stream = await CallAsync(session, "off");
        await Begun(run);

        using var cancel = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"enough"}}""", session);
        using var accepted = await _server.Http.SendAsync(cancel);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await run.Cancelled.Task.WaitAsync(EventReader.Patience);
        Assert.Null(await stream.MessageAsync());
        await Eventually.IsAsync(() => _server.Sessions.Find(session)!.Active == 0, "nothing runs in the session");
    }

    [Fact]
    public async Task Call_WithTheIdOfOneUnderWay_IsRefusedAndTheFirstGoesOn()
    {
        var session = await OpenAsync(TestServer.Legacy);
        var run = _tool["first"];
        await using var stream = await CallAsync(session, "first");
        await Begun(run);
        using var second = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""", session);
        using var refused = await _server.Http.SendAsync(second);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("id_under_way", (await RawMcp.MessageAsync(refused)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        using var cancel = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""", session);
        using var accepted = await _server.Http.SendAsync(cancel);
        await run.Cancelled.Task.WaitAsync(EventReader.Patience);
        Assert.Null(await stream.MessageAsync());
        await Eventually.IsAsync(() => _server.Sessions.Find(session)!.Active == 0, "nothing runs in the session");
        using var third = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""", session);
        using var served = await _server.Http.SendAsync(third);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\"")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("1e3")]
    public async Task Cancel_OfACallThatIsNotRunning_IsHarmless(string id)
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        const string Direct = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"whoami","arguments":{}}}""";
        for (var i = 0; i < 3; i++)
        {
            using var cancel = RawMcp.Post(_server.Europe, $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""", session);
            using var accepted = await _server.Http.SendAsync(cancel);
            using var call = RawMcp.Post(_server.Europe, Direct, session);
            using var answered = await _server.Http.SendAsync(call);

            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.True((await RawMcp.MessageAsync(answered)).TryGetProperty("result", out _));
        }
    }

    [Fact]
    public async Task Cancel_OfAnotherSessionsCall_DoesNothing()
    {
        var (mine, others) = (await _server.OpenSessionAsync(_server.Europe), await _server.OpenSessionAsync(_server.America));
        var run = _tool["hers"];
        await using var stream = await CallAsync(others, "hers", key: _server.America);
        await Begun(run);
        using var cancel = RawMcp.Post(_server.Europe, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""", mine);
        using var accepted = await _server.Http.SendAsync(cancel);
        run.Finish.SetResult();

        Assert.True((await stream.MessageAsync())!.Value.TryGetProperty("result", out _));
        Assert.False(run.Cancelled.Task.IsCompleted);
    }

    [Fact]
    public async Task Session_Deleted_EndsItsCallsAndStreams()
    {
        var session = await _server.OpenSessionAsync(_server.Europe);
        var run = _tool["deleted"];
        await using var stream = await CallAsync(session, "deleted");
        await Begun(run);
        using var get = Get(_server.Europe, session, null);
        await using var unsolicited = await OpenAsync(get);
        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
        delete.Headers.Add("X-API-Key", _server.Europe);
        delete.Headers.Add("Mcp-Session-Id", session);
        using var deleted = await _server.Http.SendAsync(delete);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        await run.Cancelled.Task.WaitAsync(EventReader.Patience);
        Assert.Null(await stream.MessageAsync());
        Assert.Null(await unsolicited.MessageAsync());
    }

    private static string? Told(JsonElement? message) => message!.Value.GetProperty("method").GetString()!.Split('/')[^1];

    private Task TellAsync(string session, string what) => _server.Sessions.Find(session)!.Transport.SendMessageAsync(new JsonRpcNotification { Method = "notifications/" + what });

    private async Task<EventReader> ListenAsync(string session, string? lastEventId = null)
    {
        using var request = Get(_server.Europe, session, lastEventId);
        var stream = await OpenAsync(request);
        // The SDK drops what is said before it has begun to write; headers come a moment earlier.
        await Eventually.IsAsync(() => _server.Sessions.Find(session)!.Unsolicited.HasBegun, "messages are passed on");
        return stream;
    }

    private static double Progress(JsonElement? message)
    {
        Assert.Equal("notifications/progress", message!.Value.GetProperty("method").GetString());
        return message.Value.GetProperty("params").GetProperty("progress").GetDouble();
    }

    private static Task<IToolFeedback> Begun(StepTool.Run run) => run.Started.Task.WaitAsync(EventReader.Patience);

    private static HttpRequestMessage Get(string key, string session, string? lastEventId)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Add("X-API-Key", key);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return request;
    }

    private async Task<string> OpenAsync(string version)
    {
        using var request = RawMcp.Post(_server.Europe, RawMcp.Initialize.Replace(TestServer.Legacy, version, StringComparison.Ordinal));
        using var response = await _server.Http.SendAsync(request);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<EventReader> OpenAsync(HttpRequestMessage request)
    {
        var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new EventReader(response);
    }

    private async Task<EventReader> CallAsync(string session, string name, string? token = null, string? key = null)
    {
        var meta = token is null ? "" : $$""","_meta":{"progressToken":"{{token}}"}""";
        var body = $$$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"step","arguments":{"name":"{{{{name}}}}"}{{{{meta}}}}}}""";
        using var request = RawMcp.Post(key ?? _server.Europe, body, session);
        return await OpenAsync(request);
    }

    private async Task AssertEventUnknownAsync(HttpRequestMessage request)
    {
        using var response = await _server.Http.SendAsync(request);
        var error = (await RawMcp.MessageAsync(response)).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("event_unknown", error.GetProperty("data").GetProperty("code").GetString());
    }
}
