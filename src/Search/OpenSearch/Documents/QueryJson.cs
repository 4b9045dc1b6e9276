using System.Text.Json;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>The few queries everything is asked with. Values go through the JSON writer, so that no text of a caller or a policy becomes part of a query's shape.</summary>
internal static class QueryJson
{
    public static void MatchAll(this Utf8JsonWriter json) => Empty(json, "match_all");

    public static void MatchNone(this Utf8JsonWriter json) => Empty(json, "match_none");

    public static void StartBool(this Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("bool");
    }

    public static void EndBool(this Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Term(this Utf8JsonWriter json, FieldTerm term)
    {
        json.WriteStartObject();
        json.WriteStartObject("term");
        json.WriteString(term.Field, term.Term);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void True(this Utf8JsonWriter json, string field)
    {
        json.WriteStartObject();
        json.WriteStartObject("term");
        json.WriteBoolean(field, true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Any of the terms.</summary>
    public static void Terms(this Utf8JsonWriter json, string field, IEnumerable<string> terms)
    {
        json.WriteStartObject();
        json.WriteStartObject("terms");
        json.WriteStartArray(field);
        foreach (var term in terms)
        {
            json.WriteStringValue(term);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Any of the normal values of a canonical field.</summary>
    public static void AnyOf(this Utf8JsonWriter json, string field, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            json.MatchNone();
            return;
        }

        json.Terms(FieldTerm.Of(field, "").Field, values.Select(v => FieldTerm.Of(field, v).Term));
    }

    /// <summary>Products that have a value in a canonical field.</summary>
    public static void Exists(this Utf8JsonWriter json, string field)
    {
        if (FieldTerm.IsSpecification(field))
        {
            json.Term(new FieldTerm(IndexFields.SpecificationNames, FieldTerm.Bounded(FieldTerm.Name(field))));
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("exists");
        json.WriteString("field", IndexFields.Keyword(field));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Products that have a value in a canonical field and match none of the queries.</summary>
    public static void ExistsBut(this Utf8JsonWriter json, string field, params ReadOnlySpan<Action<Utf8JsonWriter>> but)
    {
        json.StartBool();
        json.WritePropertyName("filter");
        json.Exists(field);
        json.WriteStartArray("must_not");
        foreach (var query in but)
        {
            query(json);
        }

        json.WriteEndArray();
        json.EndBool();
    }

    /// <summary>Whole numbers of a field, both bounds included.</summary>
    public static void Between(this Utf8JsonWriter json, string field, int from, int to)
    {
        json.WriteStartObject();
        json.WriteStartObject("range");
        json.WriteStartObject(field);
        json.WriteNumber("gte", from);
        json.WriteNumber("lte", to);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Number terms in an interval.</summary>
    public static void NumbersIn(this Utf8JsonWriter json, string from, bool fromIncluded, string to, bool toIncluded = false)
    {
        json.WriteStartObject();
        json.WriteStartObject("range");
        json.WriteStartObject(IndexFields.Numbers);
        json.WriteString(fromIncluded ? "gte" : "gt", from);
        json.WriteString(toIncluded ? "lte" : "lt", to);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Empty(Utf8JsonWriter json, string query)
    {
        json.WriteStartObject();
        json.WriteStartObject(query);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
