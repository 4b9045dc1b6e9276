namespace AiPlatform.Indexer.Worker;

/// <summary>How soon workers notice each other. One for all nodes, so they are no settings.</summary>
internal static class WorkerTimes
{
    /// <summary>How often a worker looks for orders of other processes.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>How often a worker looks for jobs whose owner is gone.</summary>
    public static readonly TimeSpan Sweep = TimeSpan.FromSeconds(2);

    /// <summary>How long a job that is put down may take to write what is under way, as a checkpoint.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(7);

    /// <summary>How long a stop waits for the jobs to be put down.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a worker whose database does not answer waits before it tries again, and one that stands by before it looks whether it is needed.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
}
