namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>What one subscriber is to be told.</summary>
/// <param name="Lists">Lists that changed.</param>
/// <param name="Resources">URIs of resources that changed.</param>
internal readonly record struct Notices(ListKinds Lists, IReadOnlyCollection<string> Resources);
