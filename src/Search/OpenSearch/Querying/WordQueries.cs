using System.Text.Json;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Queries for terms, which are our analyzer's already; the node only adds the synonyms.</summary>
internal static class WordQueries
{
    /// <summary>A term in the scored text.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="term">The term.</param>
    /// <param name="boost">What a product with it is worth at most; null where it only filters.</param>
    /// <param name="name">Name under which a hit tells that it matched; null for none.</param>
    public static void Term(Utf8JsonWriter json, string term, float? boost = null, string? name = null)
    {
        json.WriteStartObject();
        json.WriteStartObject("match");
        json.WriteStartObject(IndexFields.SearchText);
        json.WriteString("query", term);

        // The scored text keeps no positions: words of a synonym are all asked for instead of a phrase.
        json.WriteBoolean("auto_generate_synonyms_phrase_query", false);
        if (boost is { } worth)
        {
            json.WriteNumber("boost", worth);
        }

        if (name is not null)
        {
            json.WriteString("_name", name);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Terms side by side in one field.</summary>
    public static void Phrase(Utf8JsonWriter json, params ReadOnlySpan<string> terms)
    {
        json.WriteStartObject();
        json.WriteStartObject("match_phrase");
        json.WriteString(IndexFields.PhraseText, string.Join(' ', terms));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A query that scores nothing and tells by name that it matched.</summary>
    public static void Named(Utf8JsonWriter json, string name, params ReadOnlySpan<Action<Utf8JsonWriter>> anyOf)
    {
        json.StartBool();
        json.WriteStartArray("filter");
        json.StartBool();
        json.WriteStartArray("should");
        foreach (var query in anyOf)
        {
            query(json);
        }

        json.WriteEndArray();
        json.EndBool();
        json.WriteEndArray();
        json.WriteString("_name", name);
        json.EndBool();
    }
}
