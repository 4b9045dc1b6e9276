using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>The scopes that mean something under a policy: the plain names its groups' permissions write, and those of the server's own that they cover. Never a wildcard: a client that asks for all of them must not ask for everything.</summary>
internal static class SupportedScopes
{
    /// <summary>Sorted; at most <see cref="PermissionCeiling.MaxNames"/>, the server's own before the policy's.</summary>
    public static ImmutableArray<string> Of(AccessPolicy policy)
    {
        var permissions = policy.Groups.Values.SelectMany(g => g.Permissions).ToArray();
        var own = Right.All.Where(r => r.IsServed && permissions.Any(p => p.Covers(r))).Select(r => r.Name);
        var written = permissions.SelectMany(p => p.Actions.Select(a => $"{p.Resource}:{a}")).Where(n => PermissionCeiling.IsName(n) && !n.Contains('*', StringComparison.Ordinal));
        return [.. own.Union(written, StringComparer.Ordinal).Take(PermissionCeiling.MaxNames).Order(StringComparer.Ordinal)];
    }
}
