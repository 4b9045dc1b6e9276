namespace AiPlatform.Search.OpenSearch.State;

/// <summary>What cursors are signed with in every process of the installation.</summary>
/// <param name="Key">32 random bytes.</param>
internal sealed record CursorSecret(byte[] Key);
