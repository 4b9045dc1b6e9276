namespace AiPlatform.Indexer.Jobs;

/// <summary>What a job that succeeded did, or, in a dry run, would do.</summary>
/// <param name="Accepted">Products with different ids that passed.</param>
/// <param name="Duplicates">Rows replaced by a later row of the same id.</param>
/// <param name="Added">Products that were not there before.</param>
/// <param name="Updated">Products that changed.</param>
/// <param name="Kept">Products that did not change.</param>
/// <param name="Deleted">Products that are gone.</param>
/// <param name="Embedded">Products that were embedded.</param>
/// <param name="Stale">Changes that were left out because what is known is newer.</param>
/// <param name="Waiting">Changes that wait for the build that was running: it applies them.</param>
public sealed record ReindexCounts(int Accepted, long Duplicates, int Added, int Updated, int Kept, int Deleted, int Embedded, long Stale = 0, int Waiting = 0)
{
    /// <summary>Products and deletions that an attempt before had written, and the last one went on from; 0 when it began anew.</summary>
    public long Resumed { get; init; }

    /// <summary>Products that the last attempt wrote itself.</summary>
    public int Put { get; init; }
}
