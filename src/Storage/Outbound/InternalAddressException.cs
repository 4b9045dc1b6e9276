namespace AiPlatform.Storage.Outbound;

/// <summary>A connection was refused because the host's name leads only to internal addresses.</summary>
/// <param name="host">The host that was asked for.</param>
public sealed class InternalAddressException(string host)
    : IOException($"The host {host} has no public address. Connections to internal addresses must be allowed explicitly where the host is configured.");
