using System.Text;
using System.Text.Json;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Parts of search bodies.</summary>
internal static class SearchJson
{
    /// <summary>A regular expression for every term that starts with the text as it stands.</summary>
    public static string Prefix(string text)
    {
        var expression = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) && c != FieldTerm.Separator)
            {
                expression.Append('\\');
            }

            expression.Append(c);
        }

        // The group keeps 2.19 from a short cut of its own for plain prefixes, which fails with a 500 where the text sorts behind the field's last term.
        return expression.Append("(.*)").ToString();
    }

    /// <summary>A query for every term that starts with the text.</summary>
    public static void WritePrefix(Utf8JsonWriter json, string field, string text)
    {
        json.WriteStartObject();
        json.WriteStartObject("prefix");
        json.WriteString(field, text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Counts terms, most frequent first, then by their bytes.</summary>
    /// <param name="json">Where the aggregation goes, inside <c>aggs</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="field">Keyword field.</param>
    /// <param name="size">How many.</param>
    /// <param name="include">Regular expression the terms match; null for all.</param>
    public static void WriteTerms(Utf8JsonWriter json, string name, string field, int size, string? include = null)
    {
        json.WriteStartObject(name);
        json.WriteStartObject("terms");
        json.WriteString("field", field);
        json.WriteNumber("size", size);

        // Each shard answers its own most frequent terms: with several shards more of them are asked for than are kept, so that counts stay exact.
        json.WriteNumber("shard_size", Math.Max(size, 1_000));
        if (include is not null)
        {
            json.WriteString("include", include);
        }

        json.WriteStartArray("order");
        WriteOrder(json, "_count", "desc");
        WriteOrder(json, "_key", "asc");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>One key of an order.</summary>
    public static void WriteOrder(Utf8JsonWriter json, string field, string direction)
    {
        json.WriteStartObject();
        json.WriteString(field, direction);
        json.WriteEndObject();
    }

    /// <summary>Nothing of a hit but what is asked for.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="fields">Fields read from columns.</param>
    public static void WriteFields(Utf8JsonWriter json, params ReadOnlySpan<string> fields)
    {
        json.WriteBoolean("_source", false);
        json.WriteString("stored_fields", "_none_");
        json.WriteStartArray("docvalue_fields");
        foreach (var field in fields)
        {
            json.WriteStringValue(field);
        }

        json.WriteEndArray();
    }

    /// <summary>The product of each hit.</summary>
    public static void WriteProducts(Utf8JsonWriter json)
    {
        json.WriteBoolean("_source", false);
        json.WriteString("stored_fields", IndexFields.Product);
    }
}
