using System.Text.Json.Serialization;

namespace AiPlatform.Search.OpenSearch.State;

/// <summary>The JSON of the state.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogState))]
[JsonSerializable(typeof(BuildRecord))]
[JsonSerializable(typeof(CursorSecret))]
[JsonSerializable(typeof(ChangeLog))]
internal sealed partial class StateJson : JsonSerializerContext;
