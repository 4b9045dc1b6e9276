using System.Collections.Concurrent;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>Requests a key may make, per minute and per day, as its tier says. In memory: counts start anew with the process. Bounded; thread-safe.</summary>
internal sealed class KeyRateLimiter(TimeProvider time)
{
    private const int Capacity = 100_000;
    private const int IdleSeconds = 86_400;

    private readonly ConcurrentDictionary<string, RateWindow> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts one request of the subject.</summary>
    public RateDecision Take(string subject, TierPolicy tier)
    {
        var now = time.GetUtcNow();
        if (!_windows.TryGetValue(subject, out var window))
        {
            if (_windows.Count >= Capacity)
            {
                ForgetIdle(now.ToUnixTimeSeconds());
            }

            window = _windows.GetOrAdd(subject, static _ => new RateWindow());
        }

        return window.Take(tier, now);
    }

    private void ForgetIdle(long second)
    {
        foreach (var (subject, window) in _windows)
        {
            if (second - window.LastSecond > IdleSeconds)
            {
                _windows.TryRemove(subject, out _);
            }
        }
    }
}
