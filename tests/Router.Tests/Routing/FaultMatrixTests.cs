using AiPlatform.Core.Access;
using AiPlatform.Router.Calls;
using AiPlatform.Router.Routing;
using AiPlatform.Router.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Xunit;

namespace AiPlatform.Router.Tests.Routing;

/// <summary>Every fault of a provider, before and after the first byte, by each strategy: who answers, what is told, and who is never asked.</summary>
public sealed class FaultMatrixTests : IAsyncLifetime
{
    private StubProvider _first = null!;
    private StubProvider _second = null!;

    public async Task InitializeAsync() => (_first, _second) = (await StubProvider.StartAsync(), await StubProvider.StartAsync());

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    public static TheoryData<int, bool, RoutingStrategy> PassingFaults()
    {
        var data = new TheoryData<int, bool, RoutingStrategy>();
        foreach (var status in (int[])[401, 403, 404, 408, 424, 429, 500, 502, 503, 504, 0])
        {
            foreach (var stream in (bool[])[false, true])
            {
                foreach (var strategy in Enum.GetValues<RoutingStrategy>())
                {
                    data.Add(status, stream, strategy);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task Fault_BeforeTheFirstByte_AnotherTargetAnswers(int status, bool stream, RoutingStrategy strategy)
    {
        var broken = status == 0 ? StubProvider.CutAsync : StubProvider.Error(status);
        (_first.Instead, _second.Instead) = (broken, (_, _) => Task.FromResult(false));
        using var gateway = new Gateway(_first.Url, _second.Url);
        var options = Gateway.Options(strategy: strategy);

        var text = stream ? (await gateway.StreamAsync(options)).Text : (await gateway.Chat.GetResponseAsync(Gateway.Question, options)).Text;

        Assert.Equal(string.Concat(StubProvider.Words), text);
        Assert.Equal("two", options.Call.AnsweredBy!.Target.Provider);
        Assert.Equal(1, _second.Requests);
        Assert.InRange(_first.Requests, 1, 2);
    }

    [Theory]
    [InlineData(400, RouterFault.Refused, false)]
    [InlineData(400, RouterFault.Refused, true)]
    [InlineData(413, RouterFault.TooLarge, false)]
    [InlineData(422, RouterFault.Refused, true)]
    public async Task WrongRequest_IsWrongEverywhere_AndNobodyElseIsAsked(int status, RouterFault fault, bool stream)
    {
        _first.Instead = StubProvider.Error(status, "invalid_request_error", "context_length_exceeded");
        using var gateway = new Gateway(_first.Url, _second.Url);

        var failure = await FailureAsync(gateway, Gateway.Options(), stream);

        Assert.Equal((fault, "context_length_exceeded", "invalid_request_error"), (failure.Fault, failure.ProviderCode, failure.ProviderType));
        Assert.Equal((1, 0), (_first.Requests, _second.Requests));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NobodyLeft_Throttled_TellsTheShortestWait(bool stream)
    {
        _first.Instead = StubProvider.Error(429, "rate_limit_error", "rate_limit_exceeded", "7");
        _second.Instead = StubProvider.Error(429, "rate_limit_error", "rate_limit_exceeded", "2");
        using var gateway = new Gateway(_first.Url, _second.Url);

        var failure = await FailureAsync(gateway, Gateway.Options(), stream);

        Assert.Equal((RouterFault.Throttled, TimeSpan.FromSeconds(2)), (failure.Fault, failure.RetryAfter));
        Assert.Equal((1, 1), (_first.Requests, _second.Requests));
    }

    [Fact]
    public async Task Throttled_IsLeftAlone_AsLongAsItAsked()
    {
        _first.Instead = StubProvider.Error(429, "rate_limit_error", "rate_limit_exceeded", "60");
        using var gateway = new Gateway(_first.Url, _second.Url);

        await gateway.Chat.GetResponseAsync(Gateway.Question, Gateway.Options());
        var options = Gateway.Options();
        await gateway.Chat.GetResponseAsync(Gateway.Question, options);

        Assert.Equal((1, 2), (_first.Requests, _second.Requests));
        Assert.Contains(options.Call.Decision!.Rejections, r => r is { Target.Provider: "one", Reason: RoutingRejectionReason.Unhealthy });
    }

    [Fact]
    public async Task Cut_AfterFivePieces_IsTruncated_AndNobodyElseIsAsked()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _first.Instead = StubProvider.Pieces(5, async http =>
        {
            // A cut takes with it what is on its way.
            await heard.Task;
            http.Abort();
        });
        using var gateway = new Gateway(_first.Url, _second.Url);
        var text = "";

        var failure = await Assert.ThrowsAsync<RouterException>(async () =>
        {
            await foreach (var update in gateway.Chat.GetStreamingResponseAsync(Gateway.Question, Gateway.Options()))
            {
                text += update.Text;
                if (text.EndsWith(StubProvider.Words[4], StringComparison.Ordinal))
                {
                    heard.SetResult();
                }
            }
        });

        Assert.Equal(string.Concat(StubProvider.Words.Take(5)), text);
        Assert.Equal(RouterFault.Truncated, failure.Fault);
        Assert.Equal(0, _second.Requests);
    }

    [Fact]
    public async Task End_WithoutAFinish_IsTruncated()
    {
        _first.Instead = StubProvider.Pieces(3, _ => Task.CompletedTask);
        using var gateway = new Gateway(_first.Url);

        Assert.Equal(RouterFault.Truncated, (await gateway.StreamAsync(Gateway.Options())).Failure!.Fault);
    }

    [Fact]
    public async Task Error_InTheMiddle_KeepsItsCodeAndType()
    {
        _first.Instead = StubProvider.Pieces(2, http => StubProvider.EventAsync(http, """{"error":{"message":"lost a shard","type":"overloaded_error","code":"shard_lost"}}"""));
        using var gateway = new Gateway(_first.Url, _second.Url);

        var (text, failure) = await gateway.StreamAsync(Gateway.Options());

        Assert.Equal(string.Concat(StubProvider.Words.Take(2)), text);
        Assert.Equal((RouterFault.StreamError, "shard_lost", "overloaded_error", "lost a shard"), (failure!.Fault, failure.ProviderCode, failure.ProviderType, failure.Message));
        Assert.Equal(0, _second.Requests);
    }

    [Fact]
    public async Task Nonsense_InTheMiddle_IsMalformed()
    {
        _first.Instead = StubProvider.Pieces(2, http => StubProvider.EventAsync(http, "{\"choices\":[{"));
        using var gateway = new Gateway(_first.Url, _second.Url);

        Assert.Equal(RouterFault.Malformed, (await gateway.StreamAsync(Gateway.Options())).Failure!.Fault);
        Assert.Equal(0, _second.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_IsATimeout_AndAnotherTargetAnswers(bool stream)
    {
        _first.Instead = async (http, _) =>
        {
            await _first.SilenceAsync(http);
            return true;
        };
        using var gateway = new Gateway(TimeSpan.FromMilliseconds(200), FailoverOptions.Default with { Retries = 0 }, _first.Url, _second.Url);
        var options = Gateway.Options();

        var text = stream ? (await gateway.StreamAsync(options)).Text : (await gateway.Chat.GetResponseAsync(Gateway.Question, options)).Text;

        Assert.Equal(string.Concat(StubProvider.Words), text);
        await _first.Left.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Silence_InTheMiddle_IsATimeout_AndNobodyElseIsAsked()
    {
        _first.Instead = StubProvider.Pieces(2, _first.SilenceAsync);
        using var gateway = new Gateway(TimeSpan.FromMilliseconds(500), FailoverOptions.Default, _first.Url, _second.Url);

        Assert.Equal(RouterFault.Timeout, (await gateway.StreamAsync(Gateway.Options())).Failure!.Fault);
        Assert.Equal(0, _second.Requests);
        await _first.Left.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deadline_EndsAllAttempts(bool stream)
    {
        _first.Instead = _second.Instead = async (http, _) =>
        {
            await _first.SilenceAsync(http);
            return true;
        };
        using var gateway = new Gateway(TimeSpan.FromSeconds(30), FailoverOptions.Default with { Deadline = TimeSpan.FromMilliseconds(300) }, _first.Url, _second.Url);

        Assert.Equal(RouterFault.Timeout, (await FailureAsync(gateway, Gateway.Options(), stream)).Fault);
        Assert.Equal(0, _second.Requests);
    }

    [Fact]
    public async Task Caller_WhoLeaves_IsFelt_ByTheProvider()
    {
        _first.Instead = StubProvider.Pieces(1, _first.SilenceAsync);
        using var gateway = new Gateway(_first.Url);
        using var leave = new CancellationTokenSource();

        await using (var stream = gateway.Chat.GetStreamingResponseAsync(Gateway.Question, Gateway.Options(), leave.Token).GetAsyncEnumerator(leave.Token))
        {
            Assert.True(await stream.MoveNextAsync());
            await leave.CancelAsync();
        }

        await _first.Left.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Retry_OfTheSameTarget_ServesWhatPasses()
    {
        _first.Instead = (http, number) => number == 1 ? StubProvider.Error(503)(http, number) : Task.FromResult(false);
        using var gateway = new Gateway(_first.Url);
        var options = Gateway.Options();

        Assert.Equal(string.Concat(StubProvider.Words), (await gateway.Chat.GetResponseAsync(Gateway.Question, options)).Text);
        Assert.Equal((2, 2), (_first.Requests, options.Call.Attempts));
    }

    [Fact]
    public async Task Breaker_OpensAfterManyFailures_AndTheTargetIsLeftAlone()
    {
        _first.Instead = StubProvider.Error(500);
        using var gateway = new Gateway(TimeSpan.FromSeconds(30), FailoverOptions.Default with { Retries = 0 }, _first.Url);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(RouterFault.Unavailable, (await FailureAsync(gateway, Gateway.Options(), stream: i % 2 == 0)).Fault);
        }

        var asked = _first.Requests;
        var options = Gateway.Options();
        Assert.Equal(RouterFault.Unavailable, (await FailureAsync(gateway, options, stream: false)).Fault);
        Assert.Equal(asked, _first.Requests);
        Assert.Contains(options.Call.Decision!.Rejections, r => r.Reason == RoutingRejectionReason.Unhealthy);
    }

    [Fact]
    public async Task Credentials_OfThePlatform_AreNeverTold()
    {
        _first.Instead = async (http, _) =>
        {
            http.Response.StatusCode = 401;
            await http.Response.WriteAsync("""{"error":{"message":"Incorrect API key provided: key-of-provider","type":"invalid_request_error","code":"invalid_api_key"}}""");
            return true;
        };
        using var gateway = new Gateway(_first.Url);

        var failure = await FailureAsync(gateway, Gateway.Options(), stream: false);

        Assert.Equal(RouterFault.Credentials, failure.Fault);
        Assert.DoesNotContain("key-of-provider", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal("Bearer key-of-provider", _first.Authorizations.First());
    }

    [Fact]
    public async Task Fallback_OutsideTheResidency_IsNeverAsked()
    {
        _first.Instead = StubProvider.Error(500);
        using var gateway = new Gateway(_first.Url, _second.Url);
        var options = Gateway.Options(Callers.Of(RoutingStrategy.Balanced, ["region-1"], "one", "two"));

        Assert.Equal(RouterFault.Unavailable, (await FailureAsync(gateway, options, stream: false)).Fault);
        Assert.Equal(0, _second.Requests);
        Assert.Contains(options.Call.Decision!.Rejections, r => r is { Target.Provider: "two", Reason: RoutingRejectionReason.OutsideResidency });
    }

    [Theory]
    [InlineData("drill-1")]
    [InlineData("no-such-model")]
    public async Task ModelOutOfReach_IsToldAsMissing(string model)
    {
        using var gateway = new Gateway(_first.Url);
        var options = Gateway.Options(Callers.Of("two"));
        options.ModelId = model;

        var failure = await FailureAsync(gateway, options, stream: false);

        Assert.Equal((RouterFault.ModelNotFound, $"The model '{model}' does not exist or you do not have access to it."), (failure.Fault, failure.Message));
        Assert.Equal(0, _first.Requests);
    }

    [Fact]
    public async Task Options_WithoutACall_GetNoAnswer()
    {
        using var gateway = new Gateway(_first.Url);

        await Assert.ThrowsAsync<ArgumentException>(() => gateway.Chat.GetResponseAsync(Gateway.Question, new ChatOptions()));
        Assert.Equal(0, _first.Requests);
    }

    private static async Task<RouterException> FailureAsync(Gateway gateway, RouterChatOptions options, bool stream) =>
        stream ? (await gateway.StreamAsync(options)).Failure! : await Assert.ThrowsAsync<RouterException>(() => gateway.Chat.GetResponseAsync(Gateway.Question, options));
}
