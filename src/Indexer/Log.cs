using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer;

/// <summary>What the indexer logs. Event ids are stable: 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Reindex of {Catalog} from {Source} started (dry run: {DryRun})")]
    public static partial void Started(ILogger logger, string catalog, string source, bool dryRun);

    [LoggerMessage(4001, LogLevel.Information, "Reindex of {Catalog} finished: generation {Generation}, {Accepted} products, {Rejected} rows rejected, {Seconds:0.0} s")]
    public static partial void Finished(ILogger logger, string catalog, long generation, int accepted, long rejected, double seconds);

    [LoggerMessage(4002, LogLevel.Warning, "Reindex of {Catalog} refused: {Code}: {Reason}")]
    public static partial void Refused(ILogger logger, string catalog, string code, string reason);

    [LoggerMessage(4003, LogLevel.Information, "The embedding model of {Catalog} is trained again: {Reason}")]
    public static partial void Retrain(ILogger logger, string catalog, string reason);

    [LoggerMessage(4010, LogLevel.Information, "Job {Job}: reindex of {Catalog}, asked for by {Subject}, started (dry run: {DryRun})")]
    public static partial void JobStarted(ILogger logger, string job, string catalog, string subject, bool dryRun);

    [LoggerMessage(4011, LogLevel.Information, "Job {Job}: reindex of {Catalog} ended: {State} {Code}")]
    public static partial void JobEnded(ILogger logger, string job, string catalog, Jobs.ReindexJobState state, string code);

    [LoggerMessage(4012, LogLevel.Warning, "Job {Job}: reindex of {Catalog} did not succeed: {Code}: {Reason}")]
    public static partial void JobFailed(ILogger logger, string job, string catalog, string code, string reason);

    [LoggerMessage(4013, LogLevel.Error, "Job {Job}: reindex of {Catalog} broke off")]
    public static partial void JobBroke(ILogger logger, Exception exception, string job, string catalog);

    [LoggerMessage(4014, LogLevel.Warning, "The configured catalog {Catalog} cannot be indexed: there is no file {File}")]
    public static partial void SourceMissing(ILogger logger, string catalog, string file);

    [LoggerMessage(4015, LogLevel.Information, "{Catalog} rolled back for {Subject}: generation {Generation} is live")]
    public static partial void RolledBack(ILogger logger, string catalog, long generation, string subject);

    [LoggerMessage(4016, LogLevel.Warning, "Which catalogs there are could not be read; the names last read go on")]
    public static partial void CatalogsUnknown(ILogger logger, Exception failure);

    [LoggerMessage(4050, LogLevel.Information, "Reindex of {Catalog} goes on behind {Done} changes of an abandoned run")]
    public static partial void Resumed(ILogger logger, string catalog, long done);

    [LoggerMessage(4051, LogLevel.Information, "Gate {Gate} of {Catalog}: passed {Passed}, measured {Measured}, threshold {Threshold}")]
    public static partial void GateMeasured(ILogger logger, string catalog, string gate, bool passed, double measured, double threshold);

    [LoggerMessage(4052, LogLevel.Warning, "Gate {Gate} of {Catalog} was overridden by {Subject}: {Reason}")]
    public static partial void GateOverridden(ILogger logger, string catalog, string gate, string subject, string reason);

    [LoggerMessage(4055, LogLevel.Information, "{Catalog} is held by another build, or by one that died: waiting for its lease")]
    public static partial void WaitsForLease(ILogger logger, string catalog);

    [LoggerMessage(4059, LogLevel.Warning, "A gate of {Catalog} waits for the search engine: {Reason}")]
    public static partial void GateWaits(ILogger logger, string catalog, string reason);

    [LoggerMessage(4058, LogLevel.Warning, "Which state of its source {Catalog} holds could not be noted, so the next run reads all of it: {Reason}")]
    public static partial void SourceNotRemembered(ILogger logger, string catalog, string reason);

    [LoggerMessage(4053, LogLevel.Information, "{Catalog} is being built: {Changes} changes wait for that build")]
    public static partial void ChangesWait(ILogger logger, string catalog, int changes);

    [LoggerMessage(4054, LogLevel.Error, "Changes of {Catalog} that arrived during a build could not be applied behind it; the next run does so: {Reason}")]
    public static partial void ChangesStay(ILogger logger, string catalog, string reason);

    [LoggerMessage(4017, LogLevel.Warning, "The generations of {Catalog} could not be read ({Code}): {Reason}; its jobs are told without them")]
    public static partial void GenerationsUnknown(ILogger logger, string catalog, string code, string reason);

    [LoggerMessage(4020, LogLevel.Warning, "Job {Job}: that it is worked on could not be told; it is tried again")]
    public static partial void BeatFailed(ILogger logger, Exception failure, string job);

    [LoggerMessage(4021, LogLevel.Warning, "Job {Job} is another worker's now; this one stops")]
    public static partial void JobLost(ILogger logger, string job);

    [LoggerMessage(4022, LogLevel.Information, "Job {Job}: put down because this worker stops; another goes on with it, or this one when it is back")]
    public static partial void JobPutDown(ILogger logger, string job);

    [LoggerMessage(4023, LogLevel.Information, "Job {Job}: taken over, attempt {Attempt}")]
    public static partial void JobTakenOver(ILogger logger, string job, int attempt);

    [LoggerMessage(4024, LogLevel.Error, "Job {Job}: its end ({State}) could not be written; it is done again when the lease is over")]
    public static partial void JobEndNotWritten(ILogger logger, Exception failure, string job, Jobs.ReindexJobState state);

    [LoggerMessage(4025, LogLevel.Information, "{Count} jobs whose worker is gone were freed")]
    public static partial void JobsFreed(ILogger logger, int count);

    [LoggerMessage(4026, LogLevel.Warning, "Job {Job}: this worker has no catalog {Catalog}; it waits for one that has")]
    public static partial void CatalogNotHere(ILogger logger, string job, string catalog);

    [LoggerMessage(4027, LogLevel.Warning, "Job {Job}: what was under way when this worker was stopped could not be written within {Seconds} s; whoever goes on does so from the checkpoint before")]
    public static partial void JobPutDownLate(ILogger logger, string job, double seconds);

    [LoggerMessage(4030, LogLevel.Information, "Worker {Worker} is at work: {Catalogs} catalogs, {Scheduled} with a schedule")]
    public static partial void WorkerStarted(ILogger logger, string worker, int catalogs, int scheduled);

    [LoggerMessage(4031, LogLevel.Information, "Worker {Worker} stands by: another process works on this data folder")]
    public static partial void WorkerStandsBy(ILogger logger, string worker);

    [LoggerMessage(4032, LogLevel.Error, "Worker {Worker} cannot work; it tries again")]
    public static partial void WorkerBroke(ILogger logger, Exception failure, string worker);

    [LoggerMessage(4033, LogLevel.Warning, "Worker {Worker} stopped with jobs that did not end in time; they are taken over when the lease is over")]
    public static partial void WorkerStoppedLate(ILogger logger, string worker);

    [LoggerMessage(4034, LogLevel.Information, "Worker {Worker} has stopped")]
    public static partial void WorkerStopped(ILogger logger, string worker);
}
