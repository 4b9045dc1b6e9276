using AiPlatform.Core.Access;

namespace AiPlatform.Core.Tests.Access;

internal sealed class RecordedAudit : IAccessAudit
{
    public List<string> Entries { get; } = [];

    public void SystemScopeIssued(string subject, string reason) => Entries.Add($"system {subject}: {reason}");

    public void ActedAsGroup(string subject, string group) => Entries.Add($"{subject} acted as {group}");

    public void Denied(string subject, string resource, string action) => Entries.Add($"{subject} denied {resource}:{action}");
}
