using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>The counts of one caller: sixty one-second buckets, so that any 60 seconds hold at most the limit, and one count a UTC day. Thread-safe.</summary>
internal sealed class RateWindow
{
    private const int Seconds = 60;
    private const int SecondsPerDay = 86_400;

    private readonly Lock _lock = new();
    private readonly int[] _buckets = new int[Seconds];
    private long _second;
    private long _day;
    private int _minuteCount;
    private int _dayCount;

    public RateDecision Take(TierPolicy tier, DateTimeOffset now)
    {
        lock (_lock)
        {
            var second = now.ToUnixTimeSeconds();
            Advance(second);
            if (_dayCount >= tier.RequestsPerDay)
            {
                return new RateDecision(false, Math.Max(0, tier.RequestsPerMinute - _minuteCount), 0, (int)(SecondsPerDay - (second % SecondsPerDay)));
            }

            if (_minuteCount >= tier.RequestsPerMinute)
            {
                return new RateDecision(false, 0, tier.RequestsPerDay - _dayCount, SecondsUntilFree(tier));
            }

            _buckets[_second % Seconds]++;
            _minuteCount++;
            _dayCount++;
            return new RateDecision(true, tier.RequestsPerMinute - _minuteCount, tier.RequestsPerDay - _dayCount, 0);
        }
    }

    private void Advance(long second)
    {
        // A clock set back keeps counting in the newest second: it must not hand out a second budget.
        for (var next = Math.Max(_second + 1, second - Seconds + 1); next <= second; next++)
        {
            ref var bucket = ref _buckets[next % Seconds];
            _minuteCount -= bucket;
            bucket = 0;
        }

        _second = Math.Max(_second, second);
        if (second / SecondsPerDay > _day)
        {
            _day = second / SecondsPerDay;
            _dayCount = 0;
        }
    }

    private int SecondsUntilFree(TierPolicy tier)
    {
        var surplus = _minuteCount - tier.RequestsPerMinute + 1;
        for (var age = Seconds - 1; age >= 0; age--)
        {
            surplus -= _buckets[(_second - age) % Seconds];
            if (surplus <= 0)
            {
                return Seconds - age;
            }
        }

        return Seconds;
    }
}
