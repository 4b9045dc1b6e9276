using AiPlatform.Indexer.Gates;

namespace AiPlatform.Indexer.Jobs;

/// <summary>Where a catalog comes from, as the configuration says. Callers name the catalog and never a place.</summary>
/// <param name="Catalog">The catalog.</param>
/// <param name="SourcePath">The source: an absolute path of a file or folder, or the URL of a feed or an S3 prefix.</param>
/// <param name="MappingPath">The mapping file, absolute. Read anew by every job.</param>
/// <param name="MaxRejected">The share of rows, 0 to 1, that may be rejected.</param>
/// <param name="MaxDeleted">The share of the live products, 0 to 1, that may be deleted.</param>
/// <param name="Schedule">When it is reindexed by itself; null for on demand only.</param>
public sealed record CatalogSource(string Catalog, string SourcePath, string MappingPath, double MaxRejected, double MaxDeleted, CatalogSchedule? Schedule = null)
{
    /// <summary>Thresholds of the gates before a swap.</summary>
    public GateSettings Gates { get; init; } = new();
}
