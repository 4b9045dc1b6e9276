namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>The metadata or keys of an issuer could not be had.</summary>
/// <param name="message">What was wrong, without anything of the answer.</param>
/// <param name="cause">What caused it; null for none.</param>
internal sealed class KeyFetchException(string message, Exception? cause = null) : Exception(message, cause);
