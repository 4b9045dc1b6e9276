using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Jobs;

/// <summary>What a start or a rollback puts at stake.</summary>
/// <param name="Generations">The generations that are kept, newest first; the first is live. Their numbers are needed to agree on what is meant, whoever is asked.</param>
/// <param name="MayRead">Whether the caller may see them (<see cref="ReindexPermission.Read"/>); if not, no figure of theirs is told.</param>
public sealed record ReindexStake(IReadOnlyList<GenerationInfo> Generations, bool MayRead);
