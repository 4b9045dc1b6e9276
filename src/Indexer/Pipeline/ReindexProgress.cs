namespace AiPlatform.Indexer.Pipeline;

/// <summary>How far a reindex is.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Done">Done of this stage, in its unit.</param>
/// <param name="Total">The whole of this stage; null when not known.</param>
/// <param name="Rows">Rows read so far.</param>
/// <param name="Rejected">Rows rejected so far.</param>
public readonly record struct ReindexProgress(ReindexStage Stage, long Done, long? Total, long Rows, long Rejected)
{
    /// <summary>Whether it waits for the search engine, which is away. The log says why, and how long it waits at most.</summary>
    public bool IsWaiting { get; init; }
}
