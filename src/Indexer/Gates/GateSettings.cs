using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Indexer.Gates;

/// <summary>Thresholds of the gates before a swap: section <c>Catalogs:NAME:Gates</c>. The shares of rejected rows and deleted products stand beside it.</summary>
public sealed record GateSettings
{
    /// <summary>Products read back field by field. 0 to 100,000; default 200.</summary>
    [Range(0, 100_000)]
    public int ParitySample { get; init; } = 200;

    /// <summary>
    /// The share of products, 0 to 1, that must have a vector where the catalog has a model. Default .5 for the model of a service, and 0 for the catalog's own, which has
    /// no vector for texts that are all alike or all unique.
    /// </summary>
    [Range(0, 1)]
    public double? MinVectorCoverage { get; init; }

    /// <summary>Callers made up from the catalog's values, beside one for every group of the policy. 1 to 64; default 12.</summary>
    [Range(1, 64)]
    public int LeakScopes { get; init; } = 12;

    /// <summary>Products looked up as each of those callers. 1 to 100,000; default 300.</summary>
    [Range(1, 100_000)]
    public int LeakSample { get; init; } = 300;

    /// <summary>The file of canary queries; null for none.</summary>
    public string? Canaries { get; init; }

    /// <summary>Canary queries that may fail. Default 0.</summary>
    [Range(0, 1_000)]
    public int MaxCanaryFailures { get; init; }

    /// <summary>The file of judged queries (TSV with <c>query_id</c>, <c>query</c>); null for none. Needs <see cref="Judgments"/>.</summary>
    public string? JudgedQueries { get; init; }

    /// <summary>The file of judgments (TSV with <c>query_id</c>, <c>product_id</c>, <c>gain</c>); null for none.</summary>
    public string? Judgments { get; init; }

    /// <summary>How far NDCG@10 may fall below the live generation's. Default .02.</summary>
    [Range(0, 1)]
    public double MaxRelevanceDrop { get; init; } = .02;

    /// <summary>The NDCG@10 that a first generation must reach. Default 0.</summary>
    [Range(0, 1)]
    public double MinRelevance { get; init; }
}
