using AiPlatform.Core.Access;

namespace AiPlatform.Bench.Search;

/// <summary>Benchmarks read nobody's data but their own, so there is nothing to write down.</summary>
internal sealed class SilentAudit : IAccessAudit
{
    public void SystemScopeIssued(string subject, string reason)
    {
    }

    public void ActedAsGroup(string subject, string group)
    {
    }

    public void Denied(string subject, string resource, string action)
    {
    }
}
