using System.Net;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.Router.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.McpServer.Tests.OpenAi;

/// <summary>What a caller of <c>/v1</c> gets when all is well, and when it is not.</summary>
public sealed class ChatCompletionsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ModelsServer _models = new();

    public Task InitializeAsync() => _models.InitializeAsync();

    public Task DisposeAsync() => _models.DisposeAsync();

    [Fact]
    public async Task Chat_IsAnswered_UnderTheNameAskedFor()
    {
        using var response = await _models.PostAsync(_models.Allowed, ModelsServer.Chat());
        var answer = await JsonOf(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("chat.completion", "drill-1"), (answer.GetProperty("object").GetString(), answer.GetProperty("model").GetString()));
        Assert.Equal(string.Concat(StubProvider.Words), answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(17, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.StartsWith("chatcmpl-", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("Bearer key-of-provider", Assert.Single(_models.Provider.Authorizations));
        await Eventually.IsAsync(() => _models.Server.Calls.All.Any(r => r is { Method: "POST /v1/chat/completions", Outcome: CallRecord.Ok }), "the call is in the audit");
    }

    [Fact]
    public async Task Stream_EndsWithTheUsageAndDone()
    {
        var events = await EventsAsync(ModelsServer.Chat(stream: true));

        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal(17, Parse(events[^2]).GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(string.Concat(StubProvider.Words), string.Concat(events[..^2].Select(e => Parse(e).GetProperty("choices")[0].GetProperty("delta")).Select(d => d.TryGetProperty("content", out var c) ? c.GetString() : "")));
    }

    [Fact]
    public async Task Cut_AfterFivePieces_IsAnErrorEvent_WithoutDone()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _models.Provider.Instead = StubProvider.Pieces(5, async http =>
        {
            await StubProvider.EventAsync(http, """{"id":"up-1","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}}""");
            await heard.Task;
            http.Abort();
        });

        var events = await EventsAsync(ModelsServer.Chat(stream: true), e =>
        {
            if (e.Contains(StubProvider.Words[4], StringComparison.Ordinal))
            {
                heard.TrySetResult();
            }
        });

        var last = Parse(events[^1]);
        Assert.Equal("provider_truncated", last.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(16, last.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.DoesNotContain("[DONE]", events);
        Assert.Equal(6, events.Count);
    }

    [Fact]
    public async Task Error_InTheMiddle_KeepsItsCodeAndType()
    {
        _models.Provider.Instead = StubProvider.Pieces(2, http => StubProvider.EventAsync(http, """{"error":{"message":"lost a shard","type":"overloaded_error","code":"shard_lost"}}"""));

        var error = Parse((await EventsAsync(ModelsServer.Chat(stream: true)))[^1]).GetProperty("error");

        Assert.Equal(("lost a shard", "overloaded_error", "shard_lost"), (error.GetProperty("message").GetString(), error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Throttled_Is429_WithTheProvidersWait(bool stream)
    {
        _models.Provider.Instead = StubProvider.Error(429, "rate_limit_error", "rate_limit_exceeded", "2");

        using var response = await _models.PostAsync(_models.Allowed, ModelsServer.Chat(stream));

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(2)), (response.StatusCode, response.Headers.RetryAfter!.Delta));
        Assert.Equal("rate_limit_exceeded", (await JsonOf(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Caller_WhoLeaves_IsFelt_ByTheProvider()
    {
        _models.Provider.Instead = StubProvider.Pieces(1, _models.Provider.SilenceAsync);
        using var leave = new CancellationTokenSource();
        using (var response = await _models.PostAsync(_models.Allowed, ModelsServer.Chat(stream: true), leave.Token))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[100]) > 0);
            await leave.CancelAsync();
        }

        await _models.Provider.Left.WaitAsync(Patience);
    }

    [Theory]
    [InlineData("{\"model\":\"drill-1\",", 400, "invalid_request")]
    [InlineData("{\"model\":\"drill-1\",\"messages\":[]}", 400, "invalid_request")]
    [InlineData("{\"model\":\"drill-1\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.org/a.png\"}}]}]}", 400, "no_eligible_model")]
    public async Task WrongRequest_IsRefused_BeforeAnyProviderIsAsked(string body, int status, string code)
    {
        using var response = await _models.PostAsync(_models.Allowed, body);

        Assert.Equal((status, code), ((int)response.StatusCode, (await JsonOf(response)).GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(0, _models.Provider.Requests);
    }

    [Fact]
    public async Task LargeBody_Is413_BeforeAnyProviderIsAsked()
    {
        using var response = await _models.PostAsync(_models.Allowed, $$"""{"model":"drill-1","messages":[{"role":"user","content":"{{new string('x', 100_000)}}"}]}""");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request_too_large"), (response.StatusCode, (await JsonOf(response)).GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(0, _models.Provider.Requests);
    }

    [Fact]
    public async Task Model_OutOfReach_IsAnsweredAsAMissingOne()
    {
        using var forbidden = await _models.PostAsync(_models.Denied, ModelsServer.Chat());
        using var missing = await _models.PostAsync(_models.Denied, ModelsServer.Chat(model: "nowhere"));
        var (one, other) = (await forbidden.Content.ReadAsStringAsync(), await missing.Content.ReadAsStringAsync());

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (forbidden.StatusCode, missing.StatusCode));
        Assert.Equal(one.Replace("drill-1", "nowhere", StringComparison.Ordinal), other);
        Assert.Equal(0, _models.Provider.Requests);
    }

    [Fact]
    public async Task Models_AreTheCallersOwn()
    {
        Assert.Equal("drill-1", Assert.Single(await ModelsAsync(_models.Allowed)));
        Assert.Empty(await ModelsAsync(_models.Denied));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/models")]
    public async Task Nobody_WithoutAKey_IsAnswered(string path)
    {
        using var request = new HttpRequestMessage(path.EndsWith('s') && path.Contains("models", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post, path);
        using var response = await _models.Server.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.Unauthorized, "authentication_error"), (response.StatusCode, (await JsonOf(response)).GetProperty("error").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Provider_ThatRefusesThePlatform_IsNotTheCallersAffair()
    {
        _models.Provider.Instead = async (http, _) =>
        {
            http.Response.StatusCode = 401;
            await http.Response.WriteAsync("""{"error":{"message":"Incorrect API key provided: key-of-provider","type":"invalid_request_error","code":"invalid_api_key"}}""");
            return true;
        };
        using var response = await _models.PostAsync(_models.Allowed, ModelsServer.Chat());
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("provider_refused_credentials", body, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-provider", body, StringComparison.Ordinal);
    }

    private async Task<List<string>> EventsAsync(string body, Action<string>? heard = null)
    {
        using var response = await _models.PostAsync(_models.Allowed, body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var events = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line["data: ".Length..]);
                heard?.Invoke(events[^1]);
            }
        }

        return events;
    }

    private async Task<string?[]> ModelsAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("X-API-Key", key);
        using var response = await _models.Server.Http.SendAsync(request);
        return [.. (await JsonOf(response)).GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString())];
    }

    private static JsonElement Parse(string json) => JsonElement.Parse(json);

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) => Parse(await response.Content.ReadAsStringAsync());
}
