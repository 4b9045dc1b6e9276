using AiPlatform.Core.Access;

namespace AiPlatform.Search.Tests.Embedded.Support;

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
