using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>
/// Requests a caller may make, by key or token, per minute and per day, as its tier says. In memory: counts start anew with the process. Remembers each
/// caller until its UTC day is over, at most <see cref="Capacity"/> of them; all others of that day share the counts of one caller, so that nobody
/// gets more than its limits. O(1) a request; thread-safe.
/// </summary>
internal sealed class CallerRateLimiter(TimeProvider time)
{
    /// <summary>Callers of one day that are remembered.</summary>
    public const int Capacity = 100_000;

    private const int SecondsPerDay = 86_400;
    private const int SecondsPerMinute = 60;

    private readonly Lock _lock = new();
    private Dictionary<string, RateWindow> _today = new(StringComparer.Ordinal);

    // Yesterday's matter for a minute only: a window of sixty seconds reaches across midnight.
    private Dictionary<string, RateWindow>? _yesterday;
    private RateWindow _others = new();
    private long _day;

    /// <summary>Counts one request of the subject.</summary>
    public RateDecision Take(string subject, TierPolicy tier)
    {
        var now = time.GetUtcNow();
        return WindowOf(subject, now.ToUnixTimeSeconds()).Take(tier, now);
    }

    private RateWindow WindowOf(string subject, long second)
    {
        lock (_lock)
        {
            Turn(second);
            if (_today.TryGetValue(subject, out var window))
            {
                return window;
            }

            if (_today.Count >= Capacity)
            {
                return _others;
            }

            window = _yesterday?.GetValueOrDefault(subject) ?? new RateWindow();
            _today.Add(subject, window);
            return window;
        }
    }

    private void Turn(long second)
    {
        // A clock set back stays in the newest day, as the windows do.
        var day = second / SecondsPerDay;
        if (day > _day)
        {
            _yesterday = day == _day + 1 ? _today : null;
            _today = new Dictionary<string, RateWindow>(StringComparer.Ordinal);
            _others = new RateWindow();
            _day = day;
        }

        if (_yesterday is not null && second - (_day * SecondsPerDay) >= SecondsPerMinute)
        {
            _yesterday = null;
        }
    }
}
