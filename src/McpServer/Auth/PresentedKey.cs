using Microsoft.Extensions.Primitives;

namespace AiPlatform.McpServer.Auth;

/// <summary>Reads the key a request presents. Only headers count: a key in a query string ends up in logs.</summary>
internal static class PresentedKey
{
    public const string Header = "X-API-Key";

    private const string BearerPrefix = "Bearer ";
    private const int MaxLength = 256;

    /// <summary>
    /// Null when no key is presented; an empty string when what is presented cannot be one key (repeated, too long, two different keys).
    /// </summary>
    public static string? Read(IHeaderDictionary headers)
    {
        var direct = Single(headers[Header]);
        var bearer = Single(headers.Authorization);
        if (bearer is { Length: > 0 })
        {
            bearer = bearer.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? Bounded(bearer[BearerPrefix.Length..].Trim()) : "";
        }

        return (direct, bearer) switch
        {
            (null, _) => bearer,
            (_, null) => direct,
            _ => string.Equals(direct, bearer, StringComparison.Ordinal) ? direct : "",
        };
    }

    private static string? Single(StringValues values) => values.Count switch
    {
        0 => null,
        1 => Bounded(values[0] ?? ""),
        _ => "",
    };

    private static string Bounded(string value) => value.Length <= MaxLength + BearerPrefix.Length ? value : "";
}
