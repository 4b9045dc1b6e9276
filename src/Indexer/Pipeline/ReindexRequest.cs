using AiPlatform.Indexer.Mapping;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>What a reindex is to do.</summary>
public sealed record ReindexRequest
{
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
}
