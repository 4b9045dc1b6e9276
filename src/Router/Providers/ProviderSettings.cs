namespace AiPlatform.Router.Providers;

/// <summary>What an adapter needs besides its target: the credential and how long to wait.</summary>
/// <param name="ApiKey">Key of the provider; empty for none.</param>
/// <param name="Timeout">How long an answer, or in a stream its next piece, is waited for.</param>
public sealed record ProviderSettings(string ApiKey, TimeSpan Timeout);
