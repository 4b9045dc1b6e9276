using System.Collections.Immutable;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Mapping;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>What a reindex is to do.</summary>
public sealed record ReindexRequest
{
    /// <summary>The default of <see cref="CheckpointProducts"/>.</summary>
    public const int DefaultCheckpointProducts = 20_000;

    /// <summary>The default of <see cref="MaxRejected"/>.</summary>
    public const double DefaultMaxRejected = .1;

    /// <summary>The default of <see cref="MaxDeleted"/>.</summary>
    public const double DefaultMaxDeleted = .3;

    /// <summary>Where the source is: a file or folder (JSONL or CSV, plain or gzip), <c>s3://bucket/prefix</c>, <c>http(s)://…</c>.</summary>
    public required string SourcePath { get; init; }

    /// <summary>How rows become products.</summary>
    public required CatalogMapping Mapping { get; init; }

    /// <summary>The catalog: 1 to 64 of <c>a-z 0-9 - _</c>, starting with a letter or digit.</summary>
    public required string Catalog { get; init; }

    /// <summary>Where dead letters and the spool go; the catalog itself is the store's business.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Reads, maps, validates and compares, but writes nothing. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Trains the embedding model anew and embeds and writes every product, changed or not. Default false.</summary>
    public bool Force { get; init; }

    /// <summary>The share of rows, 0 to 1, that may be rejected; beyond it nothing is swapped. Default .1.</summary>
    public double MaxRejected { get; init; } = DefaultMaxRejected;

    /// <summary>
    /// The share, 0 to 1, of the products that are live now that may be deleted because the source no longer has them; beyond it nothing is swapped. 1 allows
    /// every deletion. A dry run is not refused. Default .3.
    /// </summary>
    public double MaxDeleted { get; init; } = DefaultMaxDeleted;

    /// <summary>What the rows stand for. Default: the whole catalog.</summary>
    public ReindexMode Mode { get; init; }

    /// <summary>Gates to open although they refuse: their names (<see cref="GateNames.Overridable"/>) and why, 5 to 500 characters. Each use is audited. Default: none.</summary>
    public ImmutableSortedDictionary<string, string> Overrides { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Thresholds of the gates on the finished generation.</summary>
    public GateSettings Gates { get; init; } = new();

    /// <summary>Batches embedded at once, 1 to 32. Default 4.</summary>
    public int EmbeddingConcurrency { get; init; } = 4;

    /// <summary>Changes between two checkpoints, from 1; there is one every 15 seconds as well. Default 20,000.</summary>
    public int CheckpointProducts { get; init; } = DefaultCheckpointProducts;

    /// <summary>
    /// Cancels what is being written, later than the run's own token: when that is cancelled first, what is under way is still written and made a checkpoint, for the next run to go on from.
    /// Default: none; the run's own token cancels at once, and the next run goes on from the last checkpoint.
    /// </summary>
    public CancellationToken? Grace { get; init; }

    /// <summary>How long the version of a deleted product is remembered, so that a late write does not bring it back. Default 90 days.</summary>
    public TimeSpan TombstoneAge { get; init; } = TimeSpan.FromDays(90);
}
