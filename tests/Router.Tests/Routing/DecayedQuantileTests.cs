using AiPlatform.Router.Routing;
using Xunit;

namespace AiPlatform.Router.Tests.Routing;

public sealed class DecayedQuantileTests
{
    [Fact]
    public void Quantile_IsWithinAnEighth_OfTheSortedDurations()
    {
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var quantile = new DecayedQuantile(TimeSpan.FromMinutes(5), new Clock());
            var durations = Enumerable.Range(0, 200).Select(_ => Math.Exp(random.NextDouble() * 10)).Order().ToArray();
            foreach (var duration in durations)
            {
                quantile.Add(TimeSpan.FromMilliseconds(duration));
            }

            foreach (var share in (double[])[.1, .5, .9, .99])
            {
                var exact = durations[(int)Math.Ceiling(share * durations.Length) - 1];
                Assert.InRange(quantile.Ask(share)!.Value.TotalMilliseconds, exact * .99, exact * 1.13);
            }
        }
    }

    [Fact]
    public void Old_CountsLess_AndAtLastNothing()
    {
        var clock = new Clock();
        var quantile = new DecayedQuantile(TimeSpan.FromMinutes(5), clock);
        for (var i = 0; i < 10; i++)
        {
            quantile.Add(TimeSpan.FromMilliseconds(1_000));
        }

        clock.Advance(TimeSpan.FromMinutes(15));
        quantile.Add(TimeSpan.FromMilliseconds(10));
        quantile.Add(TimeSpan.FromMilliseconds(10));
        Assert.InRange(quantile.Ask(.5)!.Value.TotalMilliseconds, 9, 12);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(quantile.Ask(.5));
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
