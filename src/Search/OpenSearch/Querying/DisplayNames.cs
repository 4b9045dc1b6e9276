using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>How values are written: as the visible product with the smallest id among those that have them writes them. Looked up once a view.</summary>
internal sealed class DisplayNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The value as written.</summary>
    public string Of(FieldValueTerm value) => _names[value.Key];

    /// <summary>Finds the names of all the values; one round trip, none when all are known.</summary>
    public static async ValueTask<DisplayNames> FindAsync(ScopedIndex view, IEnumerable<FieldValueTerm> values, CancellationToken cancellationToken)
    {
        var names = new DisplayNames();
        var missing = new List<FieldValueTerm>();
        foreach (var value in values.Distinct())
        {
            if (view.DisplayNames.TryGet(value.Key, out var known))
            {
                names._names[value.Key] = known!;
            }
            else
            {
                missing.Add(value);
            }
        }

        if (missing.Count > 0)
        {
            await names.LookUpAsync(view, missing.ToLookup(m => m.Field), cancellationToken).ConfigureAwait(false);
        }

        return names;
    }

    private async ValueTask LookUpAsync(ScopedIndex view, ILookup<string, FieldValueTerm> missing, CancellationToken cancellationToken)
    {
        var fields = missing.ToList();
        var searches = view.Aggregations(json =>
        {
            for (var i = 0; i < fields.Count; i++)
            {
                WriteFirstProducts(json, $"n{i}", fields[i]);
            }
        });
        using var answer = await searches.SendAsync(view.Connection, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < fields.Count; i++)
        {
            foreach (var bucket in answer[0].GetProperty("aggregations").GetProperty($"n{i}").GetProperty("buckets").EnumerateArray())
            {
                var value = new FieldValueTerm(fields[i].Key, bucket.GetProperty("key").GetString()!);
                Remember(view, value, Written(value, SearchHits.All(bucket.GetProperty("first"))));
            }

            foreach (var value in fields[i].Where(v => !_names.ContainsKey(v.Key)))
            {
                Remember(view, value, Plain(value));
            }
        }
    }

    private void Remember(ScopedIndex view, FieldValueTerm value, string name)
    {
        _names[value.Key] = name;
        view.DisplayNames.Add(value.Key, name, 128 + ((value.Key.Length + name.Length) * sizeof(char)));
    }

    private static string Written(FieldValueTerm value, IEnumerable<JsonElement> hits) => hits
        .SelectMany(hit => ProductFields.Raw(SearchHits.Product(hit), value.Field))
        .FirstOrDefault(raw => FieldTerm.Of(value.Field, Keyword.Normalize(raw)).Term == value.Term)?.Trim() ?? Plain(value);

    private static string Plain(FieldValueTerm value) =>
        FieldTerm.IsSpecification(value.Field) ? value.Term[FieldTerm.SpecificationPrefix(value.Field).Length..] : value.Term;

    private static void WriteFirstProducts(Utf8JsonWriter json, string name, IGrouping<string, FieldValueTerm> values)
    {
        json.WriteStartObject(name);
        json.WriteStartObject("terms");
        json.WriteString("field", FieldTerm.Of(values.Key, "").Field);
        json.WriteNumber("size", values.Count());
        json.WriteStartArray("include");
        foreach (var value in values)
        {
            json.WriteStringValue(value.Term);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("aggs");
        json.WriteStartObject("first");
        json.WriteStartObject("top_hits");
        json.WriteNumber("size", 1);
        json.WriteStartArray("sort");
        SearchJson.WriteOrder(json, IndexFields.Id, "asc");
        json.WriteEndArray();
        SearchJson.WriteProducts(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
