using System.Runtime.CompilerServices;
using AiPlatform.Core.Access;

namespace AiPlatform.Architecture.Tests.Fixtures;

/// <summary>Never called: its code is what the guard must find.</summary>
public static class ScopeForger
{
    public static AccessScope.Issuer Construct(IAccessAudit audit) => new(() => AccessPolicy.Empty, audit);

    public static AccessScope Unlimited(AccessScope.Issuer issuer, string reason) => issuer.IssueSystem("forger", reason);

    public static AccessScope Blank() => (AccessScope)RuntimeHelpers.GetUninitializedObject(typeof(AccessScope));
}
