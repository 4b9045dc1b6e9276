using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>The right to do some actions on a resource, under conditions.</summary>
/// <param name="Resource">A resource name such as <c>products</c>, <c>models</c>, <c>reindex</c>, <c>access</c>, or <c>*</c>.</param>
/// <param name="Actions">Action names such as <c>read</c>, <c>write</c>, <c>deploy</c>, <c>explain</c>, or <c>*</c>. Empty: none.</param>
/// <param name="Conditions">Name to accepted values; all must hold. For <c>products</c> and <c>reindex</c> the known condition is <c>catalog</c>. A condition the request says nothing about does not hold.</param>
public sealed record Permission(
    string Resource,
    ImmutableArray<string> Actions,
    ImmutableSortedDictionary<string, ImmutableArray<string>> Conditions)
{
    /// <summary>Whether this permission covers the resource and the action, conditions aside.</summary>
    public bool Covers(string resource, string action)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(action);
        return Matches(Resource, resource) && Actions.Any(a => Matches(a, action));
    }

    /// <summary>Whether this permission covers the right, conditions aside.</summary>
    public bool Covers(Right right)
    {
        ArgumentNullException.ThrowIfNull(right);
        return Covers(right.Resource, right.Action);
    }

    private static bool Matches(string pattern, string value) =>
        pattern == "*" || string.Equals(pattern, value, StringComparison.Ordinal);
}
