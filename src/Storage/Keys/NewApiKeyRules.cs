using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Keys;

/// <summary>What a request for a key must hold to. Groups are not checked against the policy: it may change, and an unknown group gives nothing.</summary>
internal static class NewApiKeyRules
{
    public const int NameLength = 200;
    public const int Attributes = 32;
    public const int TextLength = 200;

    /// <summary>The request with names in their one form: groups lower case, sorted, without repeats; attribute names lower case.</summary>
    /// <exception cref="ArgumentException">The request breaks a rule; the message says which.</exception>
    public static NewApiKey Checked(NewApiKey request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        var name = request.Name?.Trim() ?? "";
        Require(name.Length is > 0 and <= NameLength && !name.Any(char.IsControl), $"The name must have 1 to {NameLength} characters without control characters.");
        Require(!request.Groups.IsDefaultOrEmpty, "A key needs at least one group.");
        ImmutableArray<string> groups = [.. request.Groups.Select(g => (g ?? "").Trim().ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Require(groups.Length <= AccessScope.Issuer.MaxGroupsPerCaller, $"A key may have at most {AccessScope.Issuer.MaxGroupsPerCaller} groups.");
        Require(groups.All(IsText), $"A group must have 1 to {TextLength} characters without control characters.");
        Require(!groups.Contains(GroupPolicy.Everyone), $"`{GroupPolicy.Everyone}` is not a group a key can be in; name real groups.");
        var attributes = request.Attributes ?? ImmutableSortedDictionary<string, string>.Empty;
        Require(attributes.Count <= Attributes, $"A key may have at most {Attributes} attributes.");
        Require(attributes.All(a => IsText(a.Key) && IsText(a.Value)), $"An attribute needs a name and a value of 1 to {TextLength} characters without control characters.");
        var lower = attributes.GroupBy(a => a.Key.Trim().ToLowerInvariant(), StringComparer.Ordinal).ToArray();
        Require(lower.All(a => a.Count() == 1), "An attribute is given twice.");
        Require(request.ExpiresAt is not { } end || end > now, "The expiry lies in the past.");
        // Stored to the millisecond; cut here so that what is answered is what is stored.
        DateTimeOffset? expires = request.ExpiresAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()) : null;
        return new NewApiKey(name, groups, lower.ToImmutableSortedDictionary(a => a.Key, a => a.Single().Value.Trim(), StringComparer.Ordinal), expires);
    }

    private static bool IsText(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= TextLength && !text.Any(char.IsControl);

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
