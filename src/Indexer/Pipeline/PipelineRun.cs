using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>What one run carries along.</summary>
internal sealed class PipelineRun(AccessScope system, ReindexRequest request, string sourceName, ProductSpool spool, RowIntake? intake, GenerationInfo? live, IProgress<ReindexProgress>? progress)
{
    public AccessScope System { get; } = system;

    public ReindexRequest Request { get; } = request;

    /// <summary>The rows; null where there are none.</summary>
    public RowIntake? Intake { get; } = intake;

    public string SourceName { get; } = sourceName;

    public ProductSpool Spool { get; } = spool;

    /// <summary>The generation that was live at the start; null for none.</summary>
    public GenerationInfo? Live { get; } = live;

    public IProgress<ReindexProgress>? Progress { get; } = progress;

    public bool IsFull { get; } = request.Mode == ReindexMode.Full;

    public PreparedEmbedder? Prepared { get; set; }

    /// <summary>Whether the live generation has vectors of this run's model, or neither has any.</summary>
    public bool IsSameModel =>
        Live is not null && Live.EmbeddingModel == (Prepared?.Embedder.ModelId ?? "") && Live.Dimensions == (Prepared?.Embedder.Dimensions ?? 0);

    public ReindexProgress At(ReindexStage stage, long done, long? total) => new(stage, done, total, Intake?.Read ?? 0, Intake?.Rejected ?? 0);

    public ReindexReport Report(VerdictCounts counts, int deleted) => new()
    {
        Catalog = Request.Catalog,
        Mode = Request.Mode,
        DryRun = Request.DryRun,
        Read = Intake?.Read ?? 0,
        Accepted = Spool.Distinct,
        Rejected = Intake?.Rejected ?? 0,
        Duplicates = Intake?.Duplicates ?? 0,
        Stale = (Intake?.Stale ?? 0) + counts.Stale,
        Added = counts.Added,
        Updated = counts.Updated,
        Kept = counts.Kept,
        Deleted = deleted,
        Duration = TimeSpan.Zero,
        Rejections = Intake?.Tally.ToSummaries() ?? [],
    };
}
