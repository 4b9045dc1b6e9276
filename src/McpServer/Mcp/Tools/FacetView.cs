using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Facets as answers show them.</summary>
internal static class FacetView
{
    private const int ValueText = 200;

    /// <summary>Schema of the list of facets in an answer.</summary>
    public const string Schema = """
        {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["field", "values", "distinct_values"], "properties": {
          "field": {"type": "string"},
          "distinct_values": {"type": "integer", "description": "How many values there are; values holds the most frequent."},
          "values": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["value", "count"], "properties": {"value": {"type": "string"}, "count": {"type": "integer"}}}},
          "min": {"type": "number"},
          "max": {"type": "number"}}}}
        """;

    public static void Write(Utf8JsonWriter json, StringBuilder text, IEnumerable<Facet> facets)
    {
        json.WriteStartArray("facets");
        foreach (var facet in facets.Where(f => FacetFields.IsShown(f.Field)))
        {
            WriteOne(json, facet);
            WriteLine(text, facet);
        }

        json.WriteEndArray();
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
        if (facet.DistinctValues > facet.Values.Length && !facet.Values.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $", … {facet.DistinctValues} in all");
        }

        text.Append('\n');
    }
}
