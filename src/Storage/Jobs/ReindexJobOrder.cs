namespace AiPlatform.Storage.Jobs;

/// <summary>An order of a job.</summary>
/// <param name="Id">The id of the job, if this order makes one.</param>
/// <param name="Catalog">The catalog.</param>
/// <param name="Options">What exactly is wanted, as JSON; orders of one key must have equal options, and only a job of equal options serves another order.</param>
/// <param name="RequestedBy">Who orders.</param>
/// <param name="IdempotencyKey">Names the order among those of the same subject and catalog; null for none.</param>
/// <param name="MaxRunning">Jobs that run at once before others wait.</param>
/// <param name="MaxWaiting">Jobs that may wait besides.</param>
public sealed record ReindexJobOrder(string Id, string Catalog, string Options, string RequestedBy, string? IdempotencyKey = null, int MaxRunning = int.MaxValue / 2, int MaxWaiting = int.MaxValue / 2)
{
    /// <summary>Whether a job of equal options that runs already serves the order, too; one that waits always does. Default false: what runs may have read its source before what the order is about was in it.</summary>
    public bool JoinsRunning { get; init; }
}
