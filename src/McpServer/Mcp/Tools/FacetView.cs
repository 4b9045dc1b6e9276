using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Facets as answers show them.</summary>
internal static class FacetView
{
    /// <summary>Bytes kept for what follows the facets.</summary>
    private const int NoteBytes = 200;

    private const int ValueText = 200;

    /// <summary>Schema of the list of facets in an answer.</summary>
    public const string Schema = """
        {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["field", "values", "distinct_values"], "properties": {
          "field": {"type": "string"},
          "distinct_values": {"type": "integer", "description": "How many values there are; values holds the most frequent, as many as were asked for and fit."},
          "values": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["value", "count"], "properties": {"value": {"type": "string"}, "count": {"type": "integer"}}}},
          "min": {"type": "number"},
          "max": {"type": "number"}}}}
        """;

    /// <summary>Writes the member <c>facets</c>. Each facet gets its share of the room; the rarest values of one that is too large are left out.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="facets">The facets; those that may not be shown are skipped.</param>
    /// <param name="keep">Bytes that must stay free for what follows.</param>
    public static void Write(AnswerWriter answer, IEnumerable<Facet> facets, int keep = 0)
    {
        var shown = facets.Where(f => FacetFields.IsShown(f.Field)).ToList();
        answer.Json.WriteStartArray("facets");
        for (var i = 0; i < shown.Count; i++)
        {
            var free = answer.Left - NoteBytes - keep;
            var later = NoteBytes + keep + free - (free / (shown.Count - i));
            var values = shown[i].Values.Length;
            while (!answer.TryAdd((shown[i], values), later, Draw) && values > 0)
            {
                values /= 2;
            }
        }

        answer.Json.WriteEndArray();
    }

    private static void Draw(Utf8JsonWriter json, StringBuilder text, (Facet Facet, int Values) item)
    {
        var facet = item.Facet with { Values = item.Facet.Values[..item.Values] };
        WriteOne(json, facet);
        WriteLine(text, facet);
    }

    private static void WriteOne(Utf8JsonWriter json, Facet facet)
    {
        json.WriteStartObject();
        json.WriteString("field", SafeText.Shorten(facet.Field, ValueText));
        json.WriteNumber("distinct_values", facet.DistinctValues);
        json.WriteStartArray("values");
        foreach (var value in facet.Values)
        {
            json.WriteStartObject();
            json.WriteString("value", SafeText.Shorten(value.Value, ValueText));
            json.WriteNumber("count", value.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (facet.Min is { } min)
        {
            json.WriteNumber("min", min);
        }

        if (facet.Max is { } max)
        {
            json.WriteNumber("max", max);
        }

        json.WriteEndObject();
    }

    private static void WriteLine(StringBuilder text, Facet facet)
    {
        text.Append(SafeText.Shorten(facet.Field, ValueText)).Append(": ");
        if (facet.Min is { } min && facet.Max is { } max)
        {
            text.Append(CultureInfo.InvariantCulture, $"{min} to {max}");
        }

        text.AppendJoin(", ", facet.Values.Select(v => $"{SafeText.Shorten(v.Value, ValueText)} ({v.Count.ToString(CultureInfo.InvariantCulture)})"));
        if (facet.DistinctValues > facet.Values.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(facet.Values.IsEmpty ? "" : ", ")}… {facet.DistinctValues} in all");
        }

        text.Append('\n');
    }
}
