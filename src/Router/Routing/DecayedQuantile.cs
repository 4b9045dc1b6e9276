namespace AiPlatform.Router.Routing;

/// <summary>
/// Quantiles of durations, of which what is older counts less: a histogram over buckets that grow by an eighth from 1 ms, whose counts halve with every half-life. Answers are right to
/// within 12 %. Constant memory (1 KiB), O(1) to add, O(buckets) to ask. Thread-safe.
/// </summary>
public sealed class DecayedQuantile
{
    private const int Buckets = 112;
    private const double Growth = 1.125;
    private const double Least = .5;

    private readonly double[] _counts = new double[Buckets];
    private readonly TimeSpan _halfLife;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private double _total;
    private long _at;

    /// <param name="halfLife">After how long a duration counts half.</param>
    /// <param name="time">The clock.</param>
    public DecayedQuantile(TimeSpan halfLife, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_halfLife, _time, _at) = (halfLife, time, time.GetTimestamp());
    }

    /// <summary>Adds a duration.</summary>
    public void Add(TimeSpan duration)
    {
        var bucket = Math.Clamp((int)Math.Ceiling(Math.Log(Math.Max(duration.TotalMilliseconds, 1)) / Math.Log(Growth)), 0, Buckets - 1);
        lock (_lock)
        {
            Decay();
            _counts[bucket]++;
            _total++;
        }
    }

    /// <summary>The quantile; null when next to nothing was seen lately.</summary>
    /// <param name="share">From 0 to 1.</param>
    public TimeSpan? Ask(double share)
    {
        lock (_lock)
        {
            Decay();
            if (_total < Least)
            {
                return null;
            }

            var (sum, wanted) = (0.0, share * _total);
            for (var i = 0; i < Buckets; i++)
            {
                sum += _counts[i];
                if (sum >= wanted && sum > 0)
                {
                    return TimeSpan.FromMilliseconds(Math.Pow(Growth, i));
                }
            }

            return TimeSpan.FromMilliseconds(Math.Pow(Growth, Buckets - 1));
        }
    }

    /// <summary>In steps of a sixteenth of the half-life, so that most calls cost nothing.</summary>
    private void Decay()
    {
        var passed = _time.GetElapsedTime(_at);
        if (passed < _halfLife / 16)
        {
            return;
        }

        var left = Math.Pow(.5, passed / _halfLife);
        _total = 0;
        for (var i = 0; i < Buckets; i++)
        {
            _counts[i] *= left;
            _total += _counts[i];
        }

        _at = _time.GetTimestamp();
    }
}
