using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>The nearest vectors among what the filters let through: the filter is inside the leg, so that the nearest visible ones are found and not the visible ones among the nearest.</summary>
internal static class VectorLeg
{
    /// <summary>Writes the search.</summary>
    public static void Write(Utf8JsonWriter json, MatchQuery match, ReadOnlySpan<float> vector, int size)
    {
        json.WriteNumber("size", size);
        json.WriteBoolean("track_total_hits", false);
        json.WriteStartObject("query");
        json.WriteStartObject("knn");
        json.WriteStartObject(IndexFields.Embedding);
        json.WriteStartArray("vector");
        foreach (var value in vector)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
        json.WriteNumber("k", size);
        json.WritePropertyName("filter");
        match.WriteFilters(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        SearchJson.WriteFields(json, IndexFields.Id, ProductFields.Class, IndexFields.Parent);
    }
}
