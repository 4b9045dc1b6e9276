using System.Collections.Immutable;
using System.Text.Json;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>The keys of an issuer at one moment. Replaced whole.</summary>
internal sealed class SigningKeySet(ImmutableArray<SigningKey> keys)
{
    /// <summary>The largest number of keys that are looked at.</summary>
    public const int MaxKeys = 64;

    public int Count => keys.Length;

    public SigningKey? Find(string id) => keys.FirstOrDefault(k => string.Equals(k.Id, id, StringComparison.Ordinal));

    /// <summary>The usable keys of a JWKS document; null when it is none. An id that is there twice is used with its first key.</summary>
    public static SigningKeySet? Read(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty("keys"u8, out var list) && list.ValueKind == JsonValueKind.Array
            ? new SigningKeySet([.. list.EnumerateArray().Take(MaxKeys).Select(SigningKey.Read).OfType<SigningKey>()])
            : null;
}
