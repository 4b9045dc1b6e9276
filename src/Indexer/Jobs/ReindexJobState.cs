namespace AiPlatform.Indexer.Jobs;

/// <summary>Where a job is.</summary>
public enum ReindexJobState
{
    /// <summary>Waits for a worker: for the first, or, when it was interrupted, for one that goes on.</summary>
    Queued = 0,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Ended: the new generation is live, or, in a dry run, the comparison is done.</summary>
    Succeeded,

    /// <summary>Ended: a gate kept the new generation from being swapped in.</summary>
    Refused,

    /// <summary>Ended: source, mapping or machine kept it from going on.</summary>
    Failed,

    /// <summary>Ended: somebody cancelled it.</summary>
    Cancelled,
}
