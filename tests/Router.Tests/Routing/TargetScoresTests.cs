using AiPlatform.Core.Access;
using AiPlatform.Router.Routing;
using AiPlatform.Router.Warmth;
using Xunit;

namespace AiPlatform.Router.Tests.Routing;

public sealed class TargetScoresTests
{
    [Fact]
    public void Cost_TakesTheCheapest_AndAnUnknownPriceNeverIs()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var candidates = Some(random);
            var first = TargetScores.Order(candidates, RoutingStrategy.Cost)[0];
            var prices = candidates.Where(c => c.ExpectedUsd is not null).ToArray();
            Assert.Equal(prices.Length > 0 ? prices.Min(c => c.ExpectedUsd) : null, first.ExpectedUsd);
        }
    }

    [Fact]
    public void Latency_TakesTheFastest()
    {
        var random = new Random(2);
        for (var round = 0; round < 500; round++)
        {
            var candidates = Some(random);
            var first = TargetScores.Order(candidates, RoutingStrategy.Latency)[0];
            Assert.Equal(candidates.Min(c => c.ExpectedLatency ?? TargetScores.UnseenLatency), first.ExpectedLatency ?? TargetScores.UnseenLatency);
        }
    }

    [Fact]
    public void Fallbacks_GoByThePriorityOfTheGroup()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var candidates = Some(random);
            foreach (var strategy in Enum.GetValues<RoutingStrategy>())
            {
                var order = TargetScores.Order(candidates, strategy);
                Assert.Equal(candidates.Select(c => c.Target.Id).Order(StringComparer.Ordinal), order.Select(c => c.Target.Id).Order(StringComparer.Ordinal));
                Assert.Equal(order.Skip(1).Select(c => c.Priority).Order(), order.Skip(1).Select(c => c.Priority));
                Assert.All(order, c => Assert.InRange(c.Score, 0, 1));
            }
        }
    }

    [Fact]
    public void Decision_ReplayedInAnotherOrder_ComesOutTheSame()
    {
        var random = new Random(4);
        for (var round = 0; round < 500; round++)
        {
            var candidates = Some(random);
            foreach (var strategy in Enum.GetValues<RoutingStrategy>())
            {
                var order = TargetScores.Order(candidates, strategy);
                var again = order.ToArray();
                random.Shuffle(again);
                Assert.Equal(order, TargetScores.Order(again, strategy));
            }
        }
    }

    [Fact]
    public void Nobody_IsNoOrder() => Assert.Empty(TargetScores.Order([], RoutingStrategy.Cost));

    private static RoutingCandidate[] Some(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 7)).Select(i => new RoutingCandidate(new RoutingTarget($"p{random.Next(3)}", $"m{i}", [.. Enumerable.Range(0, random.Next(4)).Select(r => $"r{r}")]), 0, WarmthState.Warm)
        {
            Priority = random.Next(3),
            ExpectedUsd = random.Next(4) == 0 ? null : random.Next(5) / 100m,
            ExpectedLatency = random.Next(4) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(1, 3_000)),
        }),
    ];
}
