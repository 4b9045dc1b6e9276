using System.Collections.Immutable;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Jobs;

/// <summary>What a caller asks for.</summary>
/// <param name="Catalog">The catalog; one of the configured.</param>
/// <param name="DryRun">Reads, checks and compares, writes nothing.</param>
/// <param name="Force">Trains and embeds everything anew.</param>
/// <param name="IdempotencyKey">Names the order: the same caller's order of the same key is the same job as long as that is remembered. Null for none.</param>
public sealed record ReindexOrder(string Catalog, bool DryRun = false, bool Force = false, string? IdempotencyKey = null)
{
    /// <summary>What the rows of the source stand for. Default: the whole catalog.</summary>
    public ReindexMode Mode { get; init; }

    /// <summary>Gates to open although they refuse, and why, as <see cref="ReindexRequest.Overrides"/>. Default: none.</summary>
    public ImmutableSortedDictionary<string, string> Overrides { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
