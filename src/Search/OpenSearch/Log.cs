using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch;

/// <summary>Log messages of the OpenSearch engine. Event ids 2100 to 2199: transport from 2100, writing from 2120, reading from 2160.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Warning, "OpenSearch node {Node} is left alone for a while: {Reason}")]
    public static partial void NodeLost(ILogger logger, string node, string reason);

    [LoggerMessage(2101, LogLevel.Information, "OpenSearch node {Node} answers again")]
    public static partial void NodeBack(ILogger logger, string node);

    [LoggerMessage(2102, LogLevel.Debug, "OpenSearch request {Method} {Path} is sent again after {Code}")]
    public static partial void RequestRepeated(ILogger logger, string method, string path, string code);

    [LoggerMessage(2103, LogLevel.Information, "OpenSearch {Version} found, vectors supported: {Vectors}")]
    public static partial void ServerFound(ILogger logger, Version version, bool vectors);

    [LoggerMessage(2160, LogLevel.Information, "Catalog {Catalog}: index {Index} is gone, looking for the live one again")]
    public static partial void IndexVanished(ILogger logger, string catalog, string index);

    [LoggerMessage(2161, LogLevel.Warning, "Catalog {Catalog}: the query was not embedded, answering by words alone")]
    public static partial void QueryNotEmbedded(ILogger logger, string catalog, Exception exception);

    [LoggerMessage(2162, LogLevel.Warning, "Catalog {Catalog}: the vector leg failed, answering by words alone")]
    public static partial void VectorLegFailed(ILogger logger, string catalog, Exception exception);
    [LoggerMessage(2120, LogLevel.Warning, "OpenSearch is away while {What}: waited {Waited:0} s of {Most} s. {Reason}")]
    public static partial void WaitingForCluster(ILogger logger, string what, double waited, int most, string reason);

    [LoggerMessage(2121, LogLevel.Information, "OpenSearch is back while {What}, after {Waited:0.0} s")]
    public static partial void OutageOver(ILogger logger, string what, double waited);

    [LoggerMessage(2122, LogLevel.Warning, "Catalog {Catalog}: the lease of run {Run} was not renewed, it is tried again: {Reason}")]
    public static partial void LeaseNotRenewed(ILogger logger, string catalog, long run, string reason);

    [LoggerMessage(2123, LogLevel.Error, "Catalog {Catalog}: run {Run} lost its lease to another worker and stops")]
    public static partial void LeaseLost(ILogger logger, string catalog, long run);

    [LoggerMessage(2124, LogLevel.Warning, "Catalog {Catalog}: run {Run} takes over from {Owner}, which gave no sign of life")]
    public static partial void LeaseTaken(ILogger logger, string catalog, long run, string owner);

    [LoggerMessage(2125, LogLevel.Information, "Catalog {Catalog}: generation {Generation} with {Products} products is live in {Index}")]
    public static partial void GenerationSwapped(ILogger logger, string catalog, long generation, int products, string index);

    [LoggerMessage(2126, LogLevel.Warning, "Catalog {Catalog}: something that is needed no more was not removed, the next build tries again: {Reason}")]
    public static partial void NotCleaned(ILogger logger, string catalog, string reason);

    [LoggerMessage(2127, LogLevel.Warning, "OpenSearch is overloaded: bulks of {Bytes} bytes from now on, {Concurrency} at once")]
    public static partial void BulkSlowed(ILogger logger, int bytes, int concurrency);

    [LoggerMessage(2128, LogLevel.Information, "Catalog {Catalog}: run {Run} continues at {Done} in {Index}")]
    public static partial void BuildResumed(ILogger logger, string catalog, long run, long done, string index);

    [LoggerMessage(2129, LogLevel.Warning, "Catalog {Catalog}: this build knows nothing of the generations before it: versions and tombstones begin anew, so rows older than those and products deleted since may come back. {Problem}")]
    public static partial void StateLost(ILogger logger, string catalog, string problem);

    [LoggerMessage(2132, LogLevel.Warning, "Catalog {Catalog}: the swap of this build leaves the alias to the new index alone. {Problem}")]
    public static partial void AliasOnSeveral(ILogger logger, string catalog, string problem);

    [LoggerMessage(2133, LogLevel.Warning, "Catalog {Catalog}: {Index} is not rolled back to: {Reason}")]
    public static partial void GenerationNotWhole(ILogger logger, string catalog, string index, string reason);

    [LoggerMessage(2104, LogLevel.Error, "Catalog {Catalog} is left out of the list: its index cannot be asked. {Reason}")]
    public static partial void CatalogLeftOut(ILogger logger, string catalog, string reason);

    [LoggerMessage(2130, LogLevel.Warning, "Catalog {Catalog}: the copies of {Index} are not all there yet: {Reason}")]
    public static partial void NotGreen(ILogger logger, string catalog, string index, string reason);

    [LoggerMessage(2131, LogLevel.Warning, "Catalog {Catalog}: {Count} products that this build never wrote were taken out of {Index}")]
    public static partial void StrangersRemoved(ILogger logger, string catalog, int count, string index);
}
