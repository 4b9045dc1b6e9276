using System.Text.Json.Serialization;

namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>How <see cref="CreatedTask"/> is written, for the SDK.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatedTask))]
internal sealed partial class CreatedTaskJson : JsonSerializerContext;
