using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Reading and writing of free JSON, made at compile time.</summary>
[JsonSerializable(typeof(Dictionary<string, object>))]
[JsonSerializable(typeof(IDictionary<string, object>))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WireJson : JsonSerializerContext;
