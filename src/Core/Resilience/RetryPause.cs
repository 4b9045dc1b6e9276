namespace AiPlatform.Core.Resilience;

/// <summary>How long to wait before another try of a call that failed for a passing reason. Pure.</summary>
public static class RetryPause
{
    /// <summary>The longest pause: what a server asks beyond it is not waited for in one go.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const int MaxDoublings = 10;

    /// <summary>
    /// Doubles with every failure, from <paramref name="first"/> to <see cref="Longest"/>, and takes half to the whole of it by <paramref name="chance"/>, so that many
    /// callers do not come back together. Never shorter than what the server asked for, up to <see cref="Longest"/>.
    /// </summary>
    /// <param name="failures">Failures in a row, from 1.</param>
    /// <param name="first">The pause behind the first failure.</param>
    /// <param name="asked">What the server asked for (Retry-After); null for nothing.</param>
    /// <param name="chance">A random number, 0 to 1.</param>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan? asked, double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var doubled = first * (1 << Math.Min(failures - 1, MaxDoublings));
        var spread = (doubled < Longest ? doubled : Longest) * (.5 + (Math.Clamp(chance, 0, 1) / 2));
        var wanted = asked is { } least && least > spread ? least : spread;
        return wanted < Longest ? wanted : Longest;
    }
}
