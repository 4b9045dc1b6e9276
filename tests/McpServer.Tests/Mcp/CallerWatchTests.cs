using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>How often callers behind open sessions and streams are asked for, and what becomes of them.</summary>
public sealed class CallerWatchTests : IAsyncLifetime
{
    private readonly SteppedTimers _time = new();
    private readonly TestServer _server;

    public CallerWatchTests() => _server = new TestServer(services => services.AddSingleton<TimeProvider>(_time));

    private CallerWatch Watch => _server.Services.GetRequiredService<CallerWatch>();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Callers_OfAnyNumber_AreAskedForInTurn()
    {
        var caller = await AdmitAsync(_server.Europe);
        var many = Enumerable.Range(0, (2 * CallerWatch.MaxPerRound) + 1).Select(_ => Watch.Open(caller, () => { })).ToArray();
        var key = _server.Keys.Add("last", "EU", "eu-retail");
        var ended = 0;
        using var last = Watch.Open(await AdmitAsync(key), () => ended++);
        _server.Keys.Revoke(key);

        _time.Advance(CallerWatch.Interval);
        Assert.Equal((CallerWatch.MaxPerRound, 0), (_server.Keys.Rechecks, ended));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((many.Length + 1, 1), (_server.Keys.Rechecks, ended));
        Assert.Equal(many.Length, Watch.Waiting);
    }

    [Fact]
    public async Task Caller_AskedFor_IsLeftAloneForAnInterval()
    {
        using var standing = Watch.Open(await AdmitAsync(_server.Europe), () => { });
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_server.Keys.Rechecks, 10, 12);
    }

    [Fact]
    public async Task Caller_ThatCannotBeAskedFor_GoesOnAndIsAskedForAgain()
    {
        var key = _server.Keys.Add("leaver", "EU", "eu-retail");
        var ended = 0;
        using var standing = Watch.Open(await AdmitAsync(key), () => ended++);
        _server.Keys.Revoke(key);
        _server.Keys.IsDown = true;
        _time.Advance(CallerWatch.Interval);
        Assert.Equal((1, 0), (_server.Keys.Rechecks, ended));

        _server.Keys.IsDown = false;
        _time.Advance(CallerWatch.Interval);

        Assert.Equal(1, ended);
        Assert.Equal(0, Watch.Waiting);
    }

    [Fact]
    public async Task Caller_ThatCameWithAnotherCredential_GoesOn()
    {
        var key = _server.Keys.Add("passing", "EU", "eu-retail");
        var first = await AdmitAsync(key);
        using var standing = Watch.Open(first, () => Assert.Fail("It goes on."));
        var second = first with { Renewal = new CallerRenewal(_ => ValueTask.FromResult<Caller?>(first)) };
        _server.Keys.Revoke(key);

        standing.Admitted(second);
        _time.Advance(CallerWatch.Interval);

        Assert.False(standing.IsOver);
        Assert.Throws<ArgumentException>(() => standing.Admitted(first with { Subject = "another" }));
    }

    [Fact]
    public async Task Caller_AdmittedWhileItIsAskedFor_GoesOn()
    {
        var asked = new TaskCompletionSource<Caller?>();
        var caller = await AdmitAsync(_server.Europe);
        using var standing = Watch.Open(caller with { Renewal = new CallerRenewal(_ => new ValueTask<Caller?>(asked.Task)) }, () => Assert.Fail("It goes on."));
        var renewal = standing.RenewAsync(CancellationToken.None);

        standing.Admitted(caller);
        asked.SetResult(null);

        Assert.Same(caller, await renewal);
        Assert.False(standing.IsOver);
    }

    [Fact]
    public async Task Round_ThatHangs_IsNotOvertaken()
    {
        var asked = 0;
        var hangs = new TaskCompletionSource<Caller?>();
        var caller = await AdmitAsync(_server.Europe);
        using var standing = Watch.Open(
            caller with
            {
                Renewal = new CallerRenewal(async giveUp =>
                {
                    asked++;
                    return await hangs.Task.WaitAsync(giveUp);
                }),
            },
            () => { });

        _time.Advance(CallerWatch.Interval + TimeSpan.FromSeconds(8));

        Assert.Equal(1, asked);
        hangs.SetResult(null);
    }

    [Fact]
    public async Task Caller_ThatClosed_IsAskedForNoMore()
    {
        Watch.Open(await AdmitAsync(_server.Europe), () => { }).Dispose();

        _time.Advance(CallerWatch.Interval);

        Assert.Equal((0, 0), (_server.Keys.Rechecks, Watch.Waiting));
    }

    private async Task<Caller> AdmitAsync(string key) => (await _server.Services.GetRequiredService<KeyAuthentication>()
        .AuthenticateAsync(key, groups: null, CancellationToken.None)).Caller!;
}
