using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Search.Embeddings.Remote;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>What a reindex did, or, in a dry run, would do.</summary>
public sealed record ReindexReport
{
    /// <summary>The catalog.</summary>
    public required string Catalog { get; init; }

    /// <summary>Whether nothing was written.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Rows read.</summary>
    public required long Read { get; init; }

    /// <summary>Products with different ids that passed.</summary>
    public required int Accepted { get; init; }

    /// <summary>Rows that did not pass.</summary>
    public required long Rejected { get; init; }

    /// <summary>Rows replaced by a later row of the same id.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Products that were not there before.</summary>
    public required int Added { get; init; }

    /// <summary>Products that changed.</summary>
    public required int Updated { get; init; }

    /// <summary>Products that did not change.</summary>
    public required int Kept { get; init; }

    /// <summary>Products of the previous generation that are gone.</summary>
    public required int Deleted { get; init; }

    /// <summary>Whether the source holds what is live already, under the same analyzer and model: nothing was swapped and the generations stay. False in a dry run.</summary>
    public bool Unchanged { get; init; }

    /// <summary>Products that were embedded; 0 in a dry run.</summary>
    public int Embedded { get; init; }

    /// <summary>Products whose vector was taken over from the previous generation, kept ones included.</summary>
    public int ReusedVectors { get; init; }

    /// <summary>Whether the embedding model of the previous generation was used again.</summary>
    public bool ReusedModel { get; init; }

    /// <summary>What was asked of the embedding service; null where there is none, and in a dry run.</summary>
    public EmbeddingUsage? EmbeddingUsage { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Rows read a second, over the whole duration.</summary>
    public double RowsPerSecond => Duration > TimeSpan.Zero ? Read / Duration.TotalSeconds : 0;

    /// <summary>The generation that is live now; null in a dry run.</summary>
    public GenerationInfo? Generation { get; init; }

    /// <summary>The dead-letter file; null when there is none.</summary>
    public string? DeadLetterPath { get; init; }

    /// <summary>Why rows were rejected or replaced, most frequent first, at most 50 kinds.</summary>
    public ImmutableArray<RejectionSummary> Rejections { get; init; } = [];

    /// <summary>What the rows stood for.</summary>
    public ReindexMode Mode { get; init; }

    /// <summary>Changes that were left out because what is known is newer.</summary>
    public long Stale { get; init; }

    /// <summary>Changes that an abandoned run had written before and this one went on from; 0 when it began anew.</summary>
    public long Resumed { get; init; }

    /// <summary>Products whose vector was made by an abandoned run.</summary>
    public int Recovered { get; init; }

    /// <summary>Products put into the build by this run.</summary>
    public int Put { get; init; }

    /// <summary>Changes that arrived while the catalog was being built and are in the new generation.</summary>
    public int CaughtUp { get; init; }

    /// <summary>Changes of this run that wait for the build that is running: it applies them. 0 unless another build was running.</summary>
    public int Waiting { get; init; }

    /// <summary>What a dry run found different from the live generation beside the products: analyzer, embedding model. Empty otherwise.</summary>
    public ImmutableArray<string> Differences { get; init; } = [];

    /// <summary>What the gates measured, in order.</summary>
    public ImmutableArray<GateResult> Gates { get; init; } = [];

    /// <summary>The report on a source that was not read, because the live generation holds its very state.</summary>
    internal static ReindexReport Same(string catalog, GenerationInfo live, TimeSpan duration) => new()
    {
        Catalog = catalog,
        DryRun = false,
        Unchanged = true,
        Read = 0,
        Accepted = live.Products,
        Rejected = 0,
        Duplicates = 0,
        Added = 0,
        Updated = 0,
        Kept = live.Products,
        Deleted = 0,
        ReusedModel = true,
        Duration = duration,
        Generation = live,
    };
}
