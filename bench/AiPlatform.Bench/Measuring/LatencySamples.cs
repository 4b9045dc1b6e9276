using System.Diagnostics;

namespace AiPlatform.Bench.Measuring;

/// <summary>Durations of single calls, in Stopwatch ticks. Every sample is kept: percentiles are exact.</summary>
internal sealed class LatencySamples(int capacity = 1024)
{
    private readonly List<long> _ticks = new(capacity);

    public int Count => _ticks.Count;

    public void Add(long ticks) => _ticks.Add(ticks);

    public void AddAll(LatencySamples other) => _ticks.AddRange(other._ticks);

    public double MedianMilliseconds => PercentileMilliseconds(.5);

    public double P99Milliseconds => PercentileMilliseconds(.99);

    /// <summary>Nearest rank: the smallest sample that at least the share of all samples does not exceed.</summary>
    public double PercentileMilliseconds(double share)
    {
        if (_ticks.Count == 0)
        {
            return double.NaN;
        }

        var sorted = _ticks.Order().ToArray();
        var rank = Math.Clamp((int)Math.Ceiling(share * sorted.Length), 1, sorted.Length);
        return sorted[rank - 1] * 1000.0 / Stopwatch.Frequency;
    }
}
