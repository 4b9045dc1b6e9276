using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>A generation of a catalog's index as tools answer it.</summary>
internal static class GenerationView
{
    public const string Schema = """
        {"type": "object", "additionalProperties": false, "required": ["number", "live", "created_at", "products", "bytes", "note"], "properties": {
          "number": {"type": "integer"},
          "live": {"type": "boolean"},
          "created_at": {"type": "string", "format": "date-time"},
          "products": {"type": "integer", "description": "Products of the whole catalog, whatever the caller sees of them."},
          "bytes": {"type": "integer"},
          "note": {"type": "string", "description": "Where it came from."},
          "embedding_model": {"type": "string"}}}
        """;

    private const int MaxNote = 200;

    public static void Write(Utf8JsonWriter json, StringBuilder text, GenerationInfo generation, bool live)
    {
        var note = SafeText.Shorten(generation.Note, MaxNote);
        json.WriteStartObject();
        json.WriteNumber("number", generation.Number);
        json.WriteBoolean("live", live);
        json.WriteString("created_at", generation.CreatedAt.UtcDateTime);
        json.WriteNumber("products", generation.Products);
        json.WriteNumber("bytes", generation.Bytes);
        json.WriteString("note", note);
        if (generation.EmbeddingModel.Length > 0)
        {
            json.WriteString("embedding_model", generation.EmbeddingModel);
        }

        json.WriteEndObject();
        text.Append(CultureInfo.InvariantCulture, $"Generation {generation.Number}{(live ? " (live)" : "")}: {generation.Products} products, {generation.CreatedAt.UtcDateTime:u}, {note}\n");
    }
}
