namespace AiPlatform.Router.Routing;

/// <summary>How hard a call tries before it gives up.</summary>
/// <param name="Deadline">All attempts together, until the first piece of an answer.</param>
/// <param name="Retries">Tries of the same target behind its first.</param>
/// <param name="FirstPause">The pause behind the first failure; doubles, with jitter.</param>
public sealed record FailoverOptions(TimeSpan Deadline, int Retries, TimeSpan FirstPause)
{
    /// <summary>60 s, one retry, 100 ms.</summary>
    public static FailoverOptions Default { get; } = new(TimeSpan.FromSeconds(60), 1, TimeSpan.FromMilliseconds(100));
}
