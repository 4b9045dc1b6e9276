namespace AiPlatform.McpServer.Mcp;

/// <summary>One page of a list.</summary>
/// <param name="Items">The entries of the page.</param>
/// <param name="NextCursor">Asks for the next page; null on the last one.</param>
internal sealed record ListPage<T>(IList<T> Items, string? NextCursor);
