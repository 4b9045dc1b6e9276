using AiPlatform.Core.Access;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Console;

/// <summary>Writes the use of exceptional access to the log.</summary>
internal sealed class LoggingAccessAudit(ILogger logger) : IAccessAudit
{
    public void SystemScopeIssued(string subject, string reason) => Log.SystemScopeIssued(logger, subject, reason);

    public void ActedAsGroup(string subject, string group) => Log.ActedAsGroup(logger, subject, group);

    public void Denied(string subject, string resource, string action) => Log.Denied(logger, subject, resource, action);
}
