using System.Text.Json;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>A JSON document that was fetched.</summary>
/// <param name="Root">Its content, detached from any buffer.</param>
/// <param name="MaxAge">How long the answer says it may be kept; null when it does not say.</param>
internal sealed record FetchedDocument(JsonElement Root, TimeSpan? MaxAge);
