using System.Net;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth;

public sealed class RateLimitTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void Take_BeyondTheMinute_RefusesUntilTheOldestLeavesTheWindow()
    {
        var limiter = new CallerRateLimiter(_time);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(limiter.Take("a", TierPolicy.Free).Allowed);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var refused = limiter.Take("a", TierPolicy.Free);
        Assert.False(refused.Allowed);
        Assert.Equal(50, refused.RetryAfterSeconds);
        Assert.Equal(0, refused.RemainingMinute);
        Assert.True(limiter.Take("b", TierPolicy.Free).Allowed);

        _time.Advance(TimeSpan.FromSeconds(49));
        Assert.False(limiter.Take("a", TierPolicy.Free).Allowed);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limiter.Take("a", TierPolicy.Free).Allowed);
        Assert.False(limiter.Take("a", TierPolicy.Free).Allowed);
    }

    [Fact]
    public void Take_AnySixtySeconds_NeverExceedTheLimit()
    {
        var limiter = new CallerRateLimiter(_time);
        var random = new Random(17);
        var taken = new List<DateTimeOffset>();
        for (var i = 0; i < 5_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 4_000)));
            if (limiter.Take("a", TierPolicy.Free with { RequestsPerDay = int.MaxValue }).Allowed)
            {
                taken.Add(_time.GetUtcNow());
            }
        }

        for (var i = TierPolicy.Free.RequestsPerMinute; i < taken.Count; i++)
        {
            Assert.True((taken[i] - taken[i - TierPolicy.Free.RequestsPerMinute]).TotalSeconds >= 59);
        }

        Assert.True(taken.Count > 1_000);
    }

    [Fact]
    public void Take_BeyondTheDay_RefusesUntilMidnightUtc()
    {
        var limiter = new CallerRateLimiter(_time);
        var tier = TierPolicy.Free with { RequestsPerMinute = 100, RequestsPerDay = 3 };
        for (var i = 0; i < 3; i++)
        {
            Assert.True(limiter.Take("a", tier).Allowed);
        }

        var refused = limiter.Take("a", tier);
        Assert.False(refused.Allowed);
        Assert.Equal(12 * 3600, refused.RetryAfterSeconds);
        _time.Advance(TimeSpan.FromHours(12));
        Assert.True(limiter.Take("a", tier).Allowed);
    }

    [Fact]
    public void Take_MoreCallersThanAreRemembered_ShareTheLimitsOfOneUntilTheDayIsOver()
    {
        var limiter = new CallerRateLimiter(_time);
        for (var i = 0; i < CallerRateLimiter.Capacity; i++)
        {
            Assert.True(limiter.Take($"caller {i}", TierPolicy.Free).Allowed);
        }

        Assert.Equal(10, Enumerable.Range(0, 200).Count(i => limiter.Take($"late {i}", TierPolicy.Free).Allowed));
        Assert.Equal(9, Enumerable.Range(0, 20).Count(_ => limiter.Take("caller 0", TierPolicy.Free).Allowed));

        // An idle hour takes nobody's count of the day away.
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Enumerable.Range(0, 200).Count(i => limiter.Take($"later {i}", TierPolicy.Free).Allowed));
        Assert.Equal(TierPolicy.Free.RequestsPerDay - 11, limiter.Take("caller 0", TierPolicy.Free).RemainingDay);

        _time.Advance(TimeSpan.FromHours(12));
        Assert.Equal(200, Enumerable.Range(0, 200).Count(i => limiter.Take($"late {i}", TierPolicy.Free).Allowed));
    }

    [Fact]
    public void Take_AcrossMidnight_CountsTheMinuteOnAndTheDayAnew()
    {
        var limiter = new CallerRateLimiter(_time);
        _time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(10));
        for (var i = 0; i < 10; i++)
        {
            Assert.True(limiter.Take("a", TierPolicy.Free).Allowed);
        }

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(limiter.Take("a", TierPolicy.Free).Allowed);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(TierPolicy.Free.RequestsPerDay - 1, limiter.Take("a", TierPolicy.Free).RemainingDay);
        _time.Advance(TimeSpan.FromMinutes(-2));
        Assert.Equal(TierPolicy.Free.RequestsPerDay - 2, limiter.Take("a", TierPolicy.Free).RemainingDay);
    }

    [Fact]
    public void Take_ManyCallersAtOnce_LosesNoCountAtMidnight()
    {
        var limiter = new CallerRateLimiter(_time);
        var tier = TierPolicy.Free with { RequestsPerMinute = 1_000, RequestsPerDay = 1_000_000 };
        _time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
        {
            limiter.Take($"caller {i}", tier);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Parallel.For(0, 5_000, i => limiter.Take($"caller {i % 100}", tier));

        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(1_000 - 52, limiter.Take($"caller {i}", tier).RemainingMinute));
    }

    [Fact]
    public void Take_ClockSetBack_GivesNoSecondBudget()
    {
        var limiter = new CallerRateLimiter(_time);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(limiter.Take("a", TierPolicy.Free).Allowed);
        }

        _time.Advance(TimeSpan.FromMinutes(-30));
        Assert.False(limiter.Take("a", TierPolicy.Free).Allowed);
    }

    [Fact]
    public async Task Request_BeyondTheTier_Answers429WithRetryAfterAndWhatIsLeft()
    {
        var server = new TestServer(services => services.AddSingleton<TimeProvider>(_time));
        await server.InitializeAsync();
        try
        {
            var key = server.Keys.Add("slow", "EU", "slow");
            for (var i = 9; i >= 0; i--)
            {
                using var served = await server.Http.SendAsync(RawMcp.Call(key, "whoami", "{}"));
                Assert.Equal(HttpStatusCode.OK, served.StatusCode);
                Assert.Equal([i.ToString(System.Globalization.CultureInfo.InvariantCulture)], served.Headers.GetValues("X-RateLimit-Remaining-Minute"));
            }

            using var refused = await server.Http.SendAsync(RawMcp.Call(key, "whoami", "{}"));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(60), refused.Headers.RetryAfter!.Delta);
            Assert.Equal(["990"], refused.Headers.GetValues("X-RateLimit-Remaining-Day"));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Request_WithARefusedGroupContext_IsCountedAndThen429()
    {
        var server = new TestServer(services => services.AddSingleton<TimeProvider>(_time));
        await server.InitializeAsync();
        try
        {
            var key = server.Keys.Add("slow", "EU", "slow");
            for (var i = 0; i < 12; i++)
            {
                using var request = RawMcp.Call(key, "whoami", "{}");
                request.Headers.Add("X-Group-Context", "administrators");
                using var refused = await server.Http.SendAsync(request);
                Assert.Equal(i < 10 ? HttpStatusCode.Forbidden : HttpStatusCode.TooManyRequests, refused.StatusCode);
            }

            Assert.Equal(10, server.Audit.Entries.Count(e => e.StartsWith("denied", StringComparison.Ordinal)));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Request_WithInvalidKeys_Is429PastTheLimitWhileAValidKeyGoesOn()
    {
        var server = new TestServer(services => services.AddSingleton<TimeProvider>(_time));
        await server.InitializeAsync();
        try
        {
            for (var i = 0; i <= FailedCredentialLimiter.PerMinute; i++)
            {
                using var refused = await server.Http.SendAsync(RawMcp.Call("aip_wrong", "whoami", "{}"));
                Assert.Equal(i < FailedCredentialLimiter.PerMinute ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests, refused.StatusCode);
                Assert.Equal(i == FailedCredentialLimiter.PerMinute, refused.Headers.RetryAfter is not null);
            }

            using var served = await server.Http.SendAsync(RawMcp.Call(server.Europe, "whoami", "{}"));
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
