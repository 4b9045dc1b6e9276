namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Which URLs metadata and keys may be fetched from, before any name is resolved.</summary>
internal static class FetchableUrl
{
    /// <summary>https without user information; http only for this machine, and only when the operator allows internal addresses for the issuer.</summary>
    public static bool IsAllowed(Uri url, bool allowInternal) =>
        url.UserInfo.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || (allowInternal && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
