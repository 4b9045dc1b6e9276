namespace AiPlatform.Search.OpenSearch.State;

/// <summary>Who builds a catalog, until when unless it says so again, and how far the last one got. Changed only by comparing with what was read.</summary>
/// <param name="Run">Number of the run; grows with every one, and is never given twice.</param>
/// <param name="Owner">Who; empty when nobody builds.</param>
/// <param name="ExpiresAt">When another may take over.</param>
/// <param name="Checkpoint">Where to go on; null when there is nothing to continue.</param>
internal sealed record BuildRecord(long Run, string Owner, DateTimeOffset ExpiresAt, BuildCheckpoint? Checkpoint);
