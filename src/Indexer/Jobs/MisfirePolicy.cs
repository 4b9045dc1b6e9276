namespace AiPlatform.Indexer.Jobs;

/// <summary>What becomes of the times of a schedule at which no worker was there.</summary>
public enum MisfirePolicy
{
    /// <summary>The catalog is reindexed once when a worker is back, however many times were missed.</summary>
    FireOnce = 0,

    /// <summary>They are left out; the next time is the next in the schedule.</summary>
    Skip,
}
