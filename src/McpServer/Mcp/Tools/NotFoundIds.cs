using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Says which of the ids asked for name no product the caller sees.</summary>
internal static class NotFoundIds
{
    /// <summary>Schema of the member <c>not_found</c>.</summary>
    public const string Schema = """
        {"type": "array", "items": {"type": "string"}, "description": "Ids of the call that name no product; very long ones may be left out for want of room."}
        """;

    private const int IdText = 100;

    /// <summary>Writes the member and a line to the text; at most a quarter of the room.</summary>
    public static void Write(AnswerWriter answer, IReadOnlyList<string> wanted, IReadOnlyList<Product> products)
    {
        var found = products.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var keep = answer.Left / 4 * 3;
        answer.Json.WriteStartArray("not_found");
        foreach (var id in wanted)
        {
            if (!found.Contains(id))
            {
                answer.TryAdd(id, keep, Draw);
            }
        }

        answer.Json.WriteEndArray();
    }

    private static void Draw(Utf8JsonWriter json, StringBuilder text, string id)
    {
        json.WriteStringValue(id);
        text.Append("Not found: ").Append(SafeText.Shorten(id, IdText)).Append('\n');
    }
}
