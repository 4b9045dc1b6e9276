using System.Text.Json.Serialization;
using AiPlatform.Search.Embedded.Writing;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>Source-generated JSON of the manifest and of unfinished builds.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredManifest))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(BuildSnapshot))]
internal sealed partial class ManifestJson : JsonSerializerContext;
