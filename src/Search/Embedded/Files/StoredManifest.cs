namespace AiPlatform.Search.Embedded.Files;

/// <summary>The manifest as it is on disk.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Checksum">CRC-32C of its JSON.</param>
internal sealed record StoredManifest(Manifest Manifest, uint Checksum);
