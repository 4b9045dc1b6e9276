namespace AiPlatform.Indexer.Jobs;

/// <summary>The answer to an order.</summary>
/// <param name="Job">The job to follow.</param>
/// <param name="Started">Whether this order made the job.</param>
/// <param name="AlreadyRunning">Whether another order made it, and it has not ended. It may have other options than were asked for.</param>
public sealed record ReindexStart(ReindexRun Job, bool Started, bool AlreadyRunning);
