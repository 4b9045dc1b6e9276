using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>
/// Tells what a token would have to carry for something its holder's groups permit and its scopes do not. Never hands out the wider scope: it only
/// answers questions about it.
/// </summary>
/// <param name="issuer">Compiles the wider scopes when they are asked for.</param>
/// <param name="facts">What the token established, with the groups in effect and a ceiling.</param>
internal sealed class StepUp(AccessScope.Issuer issuer, CallerFacts facts)
{
    /// <summary>
    /// The scopes to ask for: those of the token, and as few more as <paramref name="isPermitted"/> needs. Null when the groups do not permit it either;
    /// then it does not exist for this caller.
    /// </summary>
    /// <param name="isPermitted">Whether a scope may do what was asked; false for the caller's own.</param>
    /// <param name="names">Plain names of permissions to choose from.</param>
    public ImmutableArray<string>? ScopesFor(Func<AccessScope, bool> isPermitted, IEnumerable<string> names)
    {
        var groupsAlone = Under(null);
        if (!isPermitted(groupsAlone))
        {
            return null;
        }

        var permitted = groupsAlone.PermissionNames.Where(PermissionCeiling.IsName).ToArray();
        var wanted = Ceiling(names.Where(n => Adds(n, permitted)));
        if (!isPermitted(Under(wanted)))
        {
            wanted = Ceiling(permitted);
        }

        foreach (var name in wanted.Names.Except(facts.Ceiling!.Names, StringComparer.Ordinal))
        {
            var less = PermissionCeiling.Of(wanted.Names.Remove(name));
            wanted = isPermitted(Under(less)) ? less : wanted;
        }

        return wanted.Names;
    }

    /// <summary>Whether a name is part of what the groups permit: a scope that would give nothing is not asked for.</summary>
    private static bool Adds(string name, string[] permitted)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        ImmutableArray<Permission> pattern = [new(name[..colon], [name[(colon + 1)..]], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty)];
        return permitted.Any(p => !PermissionCeiling.Of([p]).Bound(pattern).IsEmpty);
    }

    private PermissionCeiling Ceiling(IEnumerable<string> more) => PermissionCeiling.Of(facts.Ceiling!.Names.Union(more, StringComparer.Ordinal).Take(PermissionCeiling.MaxNames));

    private AccessScope Under(PermissionCeiling? ceiling) => issuer.Issue(facts with { Ceiling = ceiling });
}
