namespace AiPlatform.Indexer.Jobs;

/// <summary>Something that happened to a catalog.</summary>
/// <param name="Kind">What.</param>
/// <param name="Catalog">The catalog.</param>
/// <param name="Job">The job at that moment; null for a rollback.</param>
/// <param name="Generation">The generation that is live now; null unless one was swapped in.</param>
public sealed record ReindexEvent(ReindexEventKind Kind, string Catalog, ReindexJobInfo? Job, long? Generation);
