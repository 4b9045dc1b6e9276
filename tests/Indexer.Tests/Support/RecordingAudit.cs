using AiPlatform.Core.Access;

namespace AiPlatform.Indexer.Tests.Support;

internal sealed class RecordingAudit : IAccessAudit
{
    public List<string> Entries { get; } = [];

    public void SystemScopeIssued(string subject, string reason) => Entries.Add($"system {subject}: {reason}");

    public void ActedAsGroup(string subject, string group) => Entries.Add($"{subject} as {group}");

    public void Denied(string subject, string resource, string action) => Entries.Add($"{subject} denied {action} {resource}");
}
