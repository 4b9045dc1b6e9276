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

    [LoggerMessage(4030, LogLevel.Information, "Reindex of {Catalog} goes on behind {Done} changes of an abandoned run")]
    public static partial void Resumed(ILogger logger, string catalog, long done);

    [LoggerMessage(4031, LogLevel.Information, "Gate {Gate} of {Catalog}: passed {Passed}, measured {Measured}, threshold {Threshold}")]
    public static partial void GateMeasured(ILogger logger, string catalog, string gate, bool passed, double measured, double threshold);

    [LoggerMessage(4032, LogLevel.Warning, "Gate {Gate} of {Catalog} was overridden by {Subject}: {Reason}")]
    public static partial void GateOverridden(ILogger logger, string catalog, string gate, string subject, string reason);

    [LoggerMessage(4033, LogLevel.Information, "{Catalog} is being built: {Changes} changes wait for that build")]
    public static partial void ChangesWait(ILogger logger, string catalog, int changes);

    [LoggerMessage(4034, LogLevel.Error, "Changes of {Catalog} that arrived during a build could not be applied behind it; the next run does so: {Reason}")]
    public static partial void ChangesStay(ILogger logger, string catalog, string reason);
}
