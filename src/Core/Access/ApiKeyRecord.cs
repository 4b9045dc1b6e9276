using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>A key as it is stored: everything but the secret.</summary>
public sealed record ApiKeyRecord
{
    /// <summary>Stable id; the subject of scopes issued for the key.</summary>
    public required string Id { get; init; }

    /// <summary>The public first characters of the key, unique, for look-up and for people to tell keys apart.</summary>
    public required string Prefix { get; init; }

    /// <summary>What the key is for, in words.</summary>
    public required string Name { get; init; }

    /// <summary>Group ids.</summary>
    public required ImmutableArray<string> Groups { get; init; }

    /// <summary>Attributes such as <c>region</c>.</summary>
    public required ImmutableSortedDictionary<string, string> Attributes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it stops working; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null while it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was last used, to the minute; null before the first use.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}
