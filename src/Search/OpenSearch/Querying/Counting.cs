using System.Text.Json;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Something to count among the visible products.</summary>
/// <param name="Key">Names it: equal keys count the same.</param>
/// <param name="Query">Writes the query.</param>
internal readonly record struct Counting(string Key, Action<Utf8JsonWriter> Query)
{
    /// <summary>Products that a search for the term finds.</summary>
    public static Counting Term(string term) => new("t " + term, json => WordQueries.Term(json, term));

    /// <summary>Products that have the terms side by side.</summary>
    public static Counting Pair(string first, string second) => new($"p {first} {second}", json => WordQueries.Phrase(json, first, second));

    /// <summary>Products that have a normal value of a canonical field.</summary>
    public static Counting Value(string field, string value) => new($"v {field} {value}", json => json.Term(FieldTerm.Of(field, value)));
}
