using System.Collections.Immutable;
using System.Text.Json;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Keys;

/// <summary>A row of <c>api_keys</c>. A class with init properties, because the mapper cannot bind positional records in both databases.</summary>
internal sealed class ApiKeyRow
{
    public const string Columns =
        "id AS Id, prefix AS Prefix, hash AS Hash, name AS Name, groups_json AS GroupsJson, attributes_json AS AttributesJson, created_at AS CreatedAt, created_by AS CreatedBy, expires_at AS ExpiresAt, revoked_at AS RevokedAt, last_used_at AS LastUsedAt";

    public string Id { get; init; } = "";

    public string Prefix { get; init; } = "";

    public string Hash { get; init; } = "";

    public string Name { get; init; } = "";

    public string GroupsJson { get; init; } = "[]";

    public string AttributesJson { get; init; } = "{}";

    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public long? ExpiresAt { get; init; }

    public long? RevokedAt { get; init; }

    public long? LastUsedAt { get; init; }

    public static ApiKeyRow From(ApiKeyRecord record, string hash) => new()
    {
        Id = record.Id,
        Prefix = record.Prefix,
        Hash = hash,
        Name = record.Name,
        GroupsJson = JsonSerializer.Serialize(record.Groups),
        AttributesJson = JsonSerializer.Serialize(record.Attributes),
        CreatedAt = record.CreatedAt.ToUnixTimeMilliseconds(),
        CreatedBy = record.CreatedBy,
        ExpiresAt = record.ExpiresAt?.ToUnixTimeMilliseconds(),
    };

    public ApiKeyRecord ToRecord() => new()
    {
        Id = Id,
        Prefix = Prefix,
        Name = Name,
        Groups = [.. JsonSerializer.Deserialize<string[]>(GroupsJson)!],
        Attributes = JsonSerializer.Deserialize<Dictionary<string, string>>(AttributesJson)!.ToImmutableSortedDictionary(StringComparer.Ordinal),
        CreatedAt = At(CreatedAt),
        CreatedBy = CreatedBy,
        ExpiresAt = ExpiresAt is { } end ? At(end) : null,
        RevokedAt = RevokedAt is { } gone ? At(gone) : null,
        LastUsedAt = LastUsedAt is { } used ? At(used) : null,
    };

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
