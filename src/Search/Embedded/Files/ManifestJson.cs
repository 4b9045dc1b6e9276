using System.Text.Json.Serialization;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>Source-generated JSON of the manifest.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredManifest))]
[JsonSerializable(typeof(Manifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
