using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Turns the claims of a verified token into facts about a caller, as the policy says for its issuer.</summary>
internal static class ClaimReader
{
    /// <summary>Characters of the longest subject that is accepted.</summary>
    public const int MaxSubjectLength = 255;

    /// <summary>Characters of the longest attribute that is taken over; a longer one stays unknown.</summary>
    public const int MaxAttributeLength = 200;

    private static readonly ClaimMapping NoMapping = new();

    /// <summary>Null when the token lacks a subject or a required claim.</summary>
    public static CallerFacts? Read(VerifiedToken token, AccessPolicy policy)
    {
        var mapping = policy.Claims.GetValueOrDefault(token.Issuer, NoMapping);
        // A text only: 12 and "12" would be one subject otherwise.
        if (Find(token.Claims, mapping.Subject) is not { ValueKind: JsonValueKind.String } named
            || named.GetString() is not { Length: > 0 and <= MaxSubjectLength } subject
            || !subject.All(IsShown)
            || !mapping.Required.All(r => All(token.Claims, r.Path).Any(v => r.Accepted.Contains(v))))
        {
            return null;
        }

        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, path) in mapping.Attributes)
        {
            if (Single(token.Claims, path) is { Length: > 0 and <= MaxAttributeLength } value)
            {
                attributes[name] = value;
            }
        }

        // An issuer is a URL, so this is never the id of an API key, and two issuers' subjects never meet.
        return new CallerFacts($"{token.Issuer}|{subject}", Groups(token.Claims, mapping), attributes.ToImmutable(), token.ExpiresAt) { Ceiling = token.Ceiling };
    }

    /// <summary>What a log or an answer shows as it is: a subject that hides or reorders text could pass for another's.</summary>
    private static bool IsShown(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    private static ImmutableArray<string> Groups(JsonElement claims, ClaimMapping mapping)
    {
        var groups = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var rule in mapping.Groups)
        {
            foreach (var value in All(claims, rule.Path))
            {
                if (value.StartsWith(rule.Prefix, StringComparison.Ordinal) && rule.Values.TryGetValue(value[rule.Prefix.Length..], out var given))
                {
                    groups.UnionWith(given);
                }
            }
        }

        return [.. groups];
    }

    private static JsonElement Find(JsonElement claims, ClaimPath path)
    {
        foreach (var name in path.Names)
        {
            if (claims.ValueKind != JsonValueKind.Object || !claims.TryGetProperty(name, out claims))
            {
                return default;
            }
        }

        return path.Names.IsEmpty ? default : claims;
    }

    /// <summary>A plain value; null for anything else.</summary>
    private static string? Single(JsonElement claims, ClaimPath path) => Plain(Find(claims, path));

    /// <summary>The plain values of a claim that is one or a list of them.</summary>
    private static IEnumerable<string> All(JsonElement claims, ClaimPath path)
    {
        var found = Find(claims, path);
        return found.ValueKind == JsonValueKind.Array ? found.EnumerateArray().Select(Plain).OfType<string>() : Plain(found) is { } one ? [one] : [];
    }

    private static string? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
