using Microsoft.Extensions.Logging;

namespace AiPlatform.Storage;

/// <summary>Log events of this project: 2000 policy, 2100 database, 2200 keys, 2300 audit.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Policy {Version} of {Path} is in force: {Groups} groups")]
    public static partial void PolicyLoaded(ILogger logger, string path, string version, int groups);

    [LoggerMessage(2001, LogLevel.Warning, "Policy {Path}: {Warning}")]
    public static partial void PolicyWarning(ILogger logger, string path, string warning);

    [LoggerMessage(2002, LogLevel.Error, "Policy {Path} was changed and is broken; version {Version} stays in force. {Errors}")]
    public static partial void PolicyRefused(ILogger logger, string path, string version, string errors);

    [LoggerMessage(2003, LogLevel.Warning, "Watching the policy {Path} failed; the poll goes on")]
    public static partial void PolicyWatchFailed(ILogger logger, Exception failure, string path);

    [LoggerMessage(2100, LogLevel.Information, "Database migrated from version {From} to {To}")]
    public static partial void Migrated(ILogger logger, int from, int to);

    [LoggerMessage(2200, LogLevel.Information, "Key {Prefix} made by {Subject}")]
    public static partial void KeyCreated(ILogger logger, string prefix, string subject);

    [LoggerMessage(2201, LogLevel.Information, "Key {Prefix} revoked by {Subject}")]
    public static partial void KeyRevoked(ILogger logger, string prefix, string subject);

    [LoggerMessage(2202, LogLevel.Warning, "The time of last use of {Count} keys could not be written; it is tried again")]
    public static partial void LastUseFailed(ILogger logger, Exception failure, int count);

    [LoggerMessage(2203, LogLevel.Warning, "The key pepper {Path} can be read by others than its owner; set its mode to 600")]
    public static partial void PepperReadable(ILogger logger, string path);

    [LoggerMessage(2300, LogLevel.Warning, "{Subject} was refused {Action} on {Resource}")]
    public static partial void AccessDenied(ILogger logger, string subject, string resource, string action);

    [LoggerMessage(2301, LogLevel.Information, "{Subject} {Event}: {Detail}")]
    public static partial void AccessAudited(ILogger logger, string subject, string @event, string detail);

    [LoggerMessage(2302, LogLevel.Error, "The audit could not be written")]
    public static partial void AuditFailed(ILogger logger, Exception failure);

    [LoggerMessage(2303, LogLevel.Warning, "{Count} refusals were not written to the audit because its queue was full; each is in the log")]
    public static partial void AuditDropped(ILogger logger, long count);

    [LoggerMessage(2304, LogLevel.Error, "Calls could not be written to the audit; {Waiting} wait for the next try")]
    public static partial void CallAuditFailed(ILogger logger, Exception failure, int waiting);

    [LoggerMessage(2305, LogLevel.Warning, "Call that the audit has no room for: {At:O} {Subject} {Method} {Name} {Outcome} {Milliseconds} ms")]
    public static partial void CallNotStored(ILogger logger, DateTimeOffset at, string subject, string method, string name, string outcome, int milliseconds);
}
