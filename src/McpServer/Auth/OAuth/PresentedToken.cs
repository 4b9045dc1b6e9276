namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Reads the access token a request presents. Only the Authorization header counts: a token in a query string ends up in logs.</summary>
internal static class PresentedToken
{
    private const string BearerPrefix = "Bearer ";
    private const string KeyPrefix = "aip_";

    /// <summary>Null when no token is presented: nothing, an API key, or something that a key reader judges, such as two credentials at once.</summary>
    public static string? Read(IHeaderDictionary headers) =>
        headers.Authorization is [{ } header]
        && headers[PresentedKey.Header].Count == 0
        && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
        && header[BearerPrefix.Length..].Trim() is { Length: > 0 } value
        && !value.StartsWith(KeyPrefix, StringComparison.Ordinal)
            ? value
            : null;
}
