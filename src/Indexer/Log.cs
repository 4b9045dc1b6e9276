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
}
