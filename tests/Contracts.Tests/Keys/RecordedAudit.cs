using AiPlatform.Core.Access;

namespace AiPlatform.Contracts.Tests.Keys;

internal sealed class RecordedAudit : IAccessAudit
{
    public List<string> Entries { get; } = [];

    public void SystemScopeIssued(string subject, string reason) => Entries.Add($"system {subject}");

    public void ActedAsGroup(string subject, string group) => Entries.Add($"acted {subject} {group}");

    public void Denied(string subject, string resource, string action) => Entries.Add($"denied {subject} {resource}:{action}");
}
