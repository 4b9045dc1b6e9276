using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>
/// The most that a caller may do, whatever its groups permit: the scopes of an access token, written <c>resource:action</c> with <c>*</c> for
/// any. It only takes away; equal ceilings are equal objects, in whatever order they were written. Immutable.
/// </summary>
public sealed class PermissionCeiling : IEquatable<PermissionCeiling>
{
    /// <summary>The largest number of names; more of them make no ceiling.</summary>
    public const int MaxNames = 64;

    private const int MaxPartLength = 64;
    private const string Any = "*";

    private readonly ImmutableArray<(string Resource, string Action)> _entries;

    private PermissionCeiling(ImmutableArray<string> names)
    {
        Names = names;
        _entries = [.. names.Select(n => (n[..n.IndexOf(':', StringComparison.Ordinal)], n[(n.IndexOf(':', StringComparison.Ordinal) + 1)..]))];
    }

    /// <summary>The names, sorted, each once. Empty: nothing is permitted.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The ceiling that some names make. What is not of the form <c>resource:action</c>, such as <c>openid</c>, permits nothing and is left out.</summary>
    /// <param name="names">The names.</param>
    /// <exception cref="ArgumentException">More than <see cref="MaxNames"/> names remain.</exception>
    public static PermissionCeiling Of(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ImmutableArray<string> own = [.. names.Where(IsName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return own.Length <= MaxNames ? new PermissionCeiling(own) : throw new ArgumentException($"A ceiling has at most {MaxNames} names.", nameof(names));
    }

    /// <summary>Whether a text has the form <c>resource:action</c>: each part <c>*</c>, or 1 to 64 lower-case letters, digits, <c>-</c>, <c>_</c> or <c>.</c>.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && IsPart(text.AsSpan(0, colon)) && IsPart(text.AsSpan(colon + 1));
    }

    /// <summary>Whether the ceiling reaches the action on the resource.</summary>
    public bool Covers(string resource, string action) =>
        _entries.Any(e => Meet(e.Resource, resource) == resource && Meet(e.Action, action) == action);

    /// <summary>The same permissions as far as the ceiling reaches, conditions kept.</summary>
    public ImmutableArray<Permission> Bound(ImmutableArray<Permission> permissions) =>
        _entries.Contains((Any, Any)) ? permissions : [.. permissions.SelectMany(Bound)];

    /// <inheritdoc/>
    public bool Equals(PermissionCeiling? other) => other is not null && Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PermissionCeiling);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(ToString(), StringComparison.Ordinal);

    /// <summary>The names, separated by spaces.</summary>
    public override string ToString() => string.Join(' ', Names);

    private IEnumerable<Permission> Bound(Permission permission) =>
        from entry in _entries
        let resource = Meet(entry.Resource, permission.Resource)
        where resource is not null
        from action in permission.Actions
        let met = Meet(entry.Action, action)
        where met is not null
        group met by resource into actions
        select new Permission(actions.Key, Canonical(actions), permission.Conditions);

    private static ImmutableArray<string> Canonical(IEnumerable<string> actions)
    {
        ImmutableArray<string> sorted = [.. actions.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.Contains(Any) ? [Any] : sorted;
    }

    /// <summary>The narrower of two patterns; null when they have nothing in common.</summary>
    private static string? Meet(string a, string b) =>
        a == Any ? b : b == Any || string.Equals(a, b, StringComparison.Ordinal) ? a : null;

    private static bool IsPart(ReadOnlySpan<char> part)
    {
        if (part is Any)
        {
            return true;
        }

        foreach (var c in part)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return part.Length is > 0 and <= MaxPartLength;
    }
}
