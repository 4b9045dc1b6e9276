using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.Search.Embeddings.Remote;

namespace AiPlatform.Indexer.Jobs;

/// <summary>
/// What came of a job, in the words callers see. Messages of the pipeline are never passed on: they may name files of the machine and quote rows; they are in the log.
/// </summary>
internal sealed record ReindexOutcome
{
    public required ReindexJobState State { get; init; }

    public ReindexFault? Fault { get; init; }

    public ReindexCounts? Counts { get; init; }

    public ImmutableArray<RejectionCount> Rejections { get; init; } = [];

    public string? DeadLetterFile { get; init; }

    public long? Generation { get; init; }

    public bool Unchanged { get; init; }

    public ImmutableArray<ReindexGateInfo> Gates { get; init; } = [];

    public static ReindexOutcome Cancelled { get; } = new() { State = ReindexJobState.Cancelled };

    /// <summary>Of work outside the queue whose process ended before it.</summary>
    public static ReindexOutcome Interrupted { get; } = Failed("interrupted", "The process that did it ended before the job. The live generation is as it was; start it again.");

    public static ReindexOutcome Of(ReindexReport report) => new()
    {
        State = ReindexJobState.Succeeded,
        Counts = new ReindexCounts(report.Accepted, report.Duplicates, report.Added, report.Updated, report.Kept, report.Deleted, report.Embedded, report.Stale, report.Waiting) { Resumed = report.Resumed, Put = report.Put },
        Rejections = Counted(report.Rejections),
        DeadLetterFile = Path.GetFileName(report.DeadLetterPath),
        Generation = report.Unchanged ? null : report.Generation?.Number,
        Unchanged = report.Unchanged,
        Gates = Measured(report.Gates),
    };

    public static ReindexOutcome Of(Exception failure, CatalogSource source, string jobId) => failure switch
    {
        ReindexException refused => new()
        {
            State = ReindexJobState.Refused,
            Fault = new ReindexFault(refused.Code, Refusal(refused.Code, source)),
            Rejections = Counted(refused.Rejections),
            DeadLetterFile = Path.GetFileName(refused.DeadLetterPath),
            Gates = refused.Gate is { } gate ? Measured([gate]) : [],
        },
        CatalogBusyException => Failed("catalog_busy", "Another process builds this catalog. Wait for it to end, then start again."),
        SourceException broken => Failed(broken.Code, $"The configured source cannot be read. {ForOperator(source, "Source", jobId)}"),
        MappingException wrong => Failed("invalid_mapping", $"The configured mapping cannot be used: {wrong.Errors.Length} mistake{(wrong.Errors.Length == 1 ? "" : "s")}. {ForOperator(source, "Mapping", jobId)}"),
        EmbeddingException broken => Failed(broken.Code, $"The embedding service did not do what it should; nothing was swapped. Whoever runs the server finds the reason in its log under {jobId} and the settings under {EmbeddingsOptions.Section}."),
        CatalogEngineException away => Failed(away.Code, $"The search engine did not do what it should; nothing was swapped. Start again when it is well: the job goes on where it stopped. The log has the reason under {jobId}."),
        IOException => Failed("disk_failed", $"The data folder cannot be written or read; its disk may be full. Nothing was swapped. Make room and start again: the job goes on where it stopped. The log has the reason under {jobId}."),
        AccessRefusedException refused => Failed(refused.Code, refused.Message),
        _ => Failed("internal_error", $"The job broke off. Start it again; if it breaks off again, report its id {jobId}: the log has the reason."),
    };

    private static ReindexOutcome Failed(string code, string message) => new() { State = ReindexJobState.Failed, Fault = new ReindexFault(code, message) };

    private static string ForOperator(CatalogSource source, string key, string jobId) =>
        $"Whoever runs the server finds the reason in its log under {jobId} and the file under {ConfiguredCatalogs.Section}:{source.Catalog}:{key}.";

    private static string Refusal(string code, CatalogSource source)
    {
        string Setting(string key) => $"{ConfiguredCatalogs.Section}:{source.Catalog}:{key}";
        var why = code switch
        {
            "nothing_accepted" => "No row of the source became a product. Correct the source or the mapping.",
            "too_many_rejected" => FormattableString.Invariant($"More than {source.MaxRejected * 100:0.##}% of the rows were rejected. Correct the source or the mapping, or allow more with {Setting("MaxRejected")}."),
            "too_many_deleted" => FormattableString.Invariant($"More than {source.MaxDeleted * 100:0.##}% of the live products would be deleted because the source does not have them; a dry run tells how many. Check that the source is complete, or allow more with {Setting("MaxDeleted")}."),
            "verification_failed" => "The new generation did not hold what was written. Check the disk, then start again.",
            "parity_failed" => "Products of the new generation do not read back as they were written. Check the search engine, then start again.",
            "vector_coverage" => $"Too few of the products have a vector. Check the embedding model, or allow less with {Setting("Gates:MinVectorCoverage")}.",
            "leak_found" => "The new generation would answer callers otherwise than the access rules say. This cannot be overridden; whoever runs the server finds the numbers in its log.",
            "canary_failed" => $"Canary queries of the catalog are not answered as they must. Compare the source with the file under {Setting("Gates:Canaries")}, or allow more with {Setting("Gates:MaxCanaryFailures")}.",
            "relevance_dropped" => FormattableString.Invariant($"Judged queries are answered worse than by the live generation, by more than {source.Gates.MaxRelevanceDrop:0.###} NDCG@10. Look at what changed in source, mapping or model, or allow more with {Setting("Gates:MaxRelevanceDrop")}."),
            "embedding_failed" => "The embedding model did not answer, or not as it must. Start again when it does: what was embedded so far is kept.",
            "full_build_required" => "The embedding model is not the one of the live generation. Run a full reindex once.",
            "invalid_override" => $"An override is wrong. It names one of {string.Join(", ", GateNames.Overridable)} and gives a reason of 5 to 500 characters.",
            "invalid_gate_file" => $"A file under {Setting("Gates")} is missing or wrong.",
            "journal_full" => "Too many changes wait for the build that is running. Let it end, or cancel it.",
            "tombstones_damaged" => "The versions of deleted products, kept with the live generation, cannot be read. Run a full reindex with force, from a source that is up to date.",
            "generation_damaged" => "Which changes the live generation holds cannot be read. Run a full reindex.",
            _ => "The pipeline refused the job.",
        };
        return why + " The catalog is left as it is.";
    }

    /// <summary>Without what they say in words, which may quote products.</summary>
    private static ImmutableArray<ReindexGateInfo> Measured(ImmutableArray<GateResult> gates) =>
        [.. gates.Select(g => new ReindexGateInfo(g.Gate, g.Passed, g.Measured, g.Threshold, g.Skipped, g.OverrideReason is not null))];

    private static ImmutableArray<RejectionCount> Counted(ImmutableArray<RejectionSummary> rejections) =>
        [.. rejections.Select(r => new RejectionCount(r.Field, r.Code, r.Count, r.FirstLine))];
}
