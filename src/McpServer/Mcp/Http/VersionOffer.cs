namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>What a client that asked for an unsupported revision can choose from.</summary>
/// <param name="Requested">What was asked for.</param>
/// <param name="Supported">The revisions it can go on with, newest first.</param>
internal sealed record VersionOffer(string Requested, IReadOnlyList<string> Supported);
