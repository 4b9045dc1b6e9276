namespace AiPlatform.Indexer.Jobs;

/// <summary>The answer to an order.</summary>
/// <param name="Job">The job to follow.</param>
/// <param name="Started">Whether this order made the job.</param>
/// <param name="AlreadyRunning">Whether an earlier order of the same options made it, and it has not ended.</param>
public sealed record ReindexStart(ReindexRun Job, bool Started, bool AlreadyRunning);
