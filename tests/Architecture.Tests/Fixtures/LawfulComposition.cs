using AiPlatform.Core.Access;

namespace AiPlatform.Architecture.Tests.Fixtures;

/// <summary>Never called: what a composition root may do.</summary>
public static class LawfulComposition
{
    public static AccessScope Compose(IAccessAudit audit) =>
        new AccessScope.Issuer(() => AccessPolicy.Empty, audit).IssueSystem("fixture", "shows what the guard lets through");
}
