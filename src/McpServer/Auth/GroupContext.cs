namespace AiPlatform.McpServer.Auth;

/// <summary>Reads which groups a caller narrows itself to.</summary>
internal static class GroupContext
{
    /// <summary>Names groups, comma separated.</summary>
    public const string Header = "X-Group-Context";

    /// <summary>Null without the header. One that is present narrows even when it is empty: it then names nothing and is refused.</summary>
    public static string[]? Read(IHeaderDictionary headers) => headers.TryGetValue(Header, out var context)
        ? context.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : null;
}
