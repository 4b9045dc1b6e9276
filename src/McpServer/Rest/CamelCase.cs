using System.Text.Json;

namespace AiPlatform.McpServer.Rest;

/// <summary>Writes what tools answer with the names of members as REST spells them; values stay as they are.</summary>
internal static class CamelCase
{
    /// <summary>Writes the value, each <c>snake_case</c> member as <c>snakeCase</c>.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    json.WritePropertyName(Name(member.Name));
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static string Name(string snake) =>
        string.Concat(snake.Split('_', StringSplitOptions.RemoveEmptyEntries).Select((part, at) => at == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
