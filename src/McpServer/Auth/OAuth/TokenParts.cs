using System.Text;
using System.Text.Json;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>A token taken apart, nothing of it believed yet.</summary>
/// <param name="Header">Its header, an object.</param>
/// <param name="Claims">Its claims, an object.</param>
/// <param name="Signed">The bytes the signature is over.</param>
/// <param name="Signature">The signature.</param>
internal sealed record TokenParts(JsonElement Header, JsonElement Claims, byte[] Signed, byte[] Signature)
{
    /// <summary>Characters of the largest token that is looked at.</summary>
    public const int MaxLength = 8 * 1_024;

    /// <summary>Null for what is no token.</summary>
    public static TokenParts? Read(string token)
    {
        if (token.Length > MaxLength)
        {
            return null;
        }

        var first = token.IndexOf('.', StringComparison.Ordinal);
        var last = token.LastIndexOf('.');
        return first > 0 && last > first && token.IndexOf('.', first + 1) == last
            && Object(token.AsSpan(0, first)) is { } header
            && Object(token.AsSpan(first + 1, last - first - 1)) is { } claims
            && Base64UrlText.TryDecode(token.AsSpan(last + 1), out var signature)
            ? new TokenParts(header, claims, Encoding.ASCII.GetBytes(token, 0, last), signature)
            : null;
    }

    /// <summary>A member that is a text; null otherwise.</summary>
    public static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement? Object(ReadOnlySpan<char> part)
    {
        if (!Base64UrlText.TryDecode(part, out var bytes))
        {
            return null;
        }

        try
        {
            return StrictJson.Read(bytes) is { ValueKind: JsonValueKind.Object } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
