using System.Collections.Concurrent;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>Remembers what was audited.</summary>
internal sealed class SilentAudit : IAccessAudit
{
    public ConcurrentQueue<string> Entries { get; } = new();

    public void SystemScopeIssued(string subject, string reason) => Entries.Enqueue($"system {subject} {reason}");

    public void ActedAsGroup(string subject, string group) => Entries.Enqueue($"acted {subject} {group}");

    public void Denied(string subject, string resource, string action) => Entries.Enqueue($"denied {subject} {resource} {action}");
}
