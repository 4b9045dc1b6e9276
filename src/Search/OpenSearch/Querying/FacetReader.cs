using System.Collections.Immutable;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Facets as aggregations of the search they belong to, so that they count exactly its matches.</summary>
internal static class FacetReader
{
    /// <summary>Values of one specification that are told apart when its distinct values are counted.</summary>
    private const int SpecificationValues = 2_000;
    private const int ExactDistinct = 40_000;
    private const string Distinct = "distinct";

    /// <summary>A facet without any value.</summary>
    public static Facet Empty(string field) => new(field, [], 0, null, null);

    /// <summary>Writes <c>aggs</c>; nothing without facets.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<FacetRequest> facets)
    {
        if (facets.Count == 0)
        {
            return;
        }

        json.WriteStartObject("aggs");
        for (var i = 0; i < facets.Count; i++)
        {
            WriteOne(json, $"f{i}", facets[i]);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> asked for; one more round trip when the spelling of a value is not known yet.</summary>
    public static async ValueTask<ImmutableArray<Facet>> ReadAsync(ScopedIndex view, IReadOnlyList<FacetRequest> facets, JsonElement answer, CancellationToken cancellationToken)
    {
        if (facets.Count == 0)
        {
            return [];
        }

        var aggregations = answer.GetProperty("aggregations");
        var counted = facets.Select((f, i) => Read(f, aggregations, i)).ToList();
        var names = await DisplayNames.FindAsync(view, counted.SelectMany(c => c.Terms.Select(t => new FieldValueTerm(c.Facet.Field, t.Term))), cancellationToken).ConfigureAwait(false);
        return [.. counted.Select(c => c.Facet with { Values = [.. c.Terms.Select(t => new FacetValue(names.Of(new FieldValueTerm(c.Facet.Field, t.Term)), t.Count))] })];
    }

    private static void WriteOne(Utf8JsonWriter json, string name, FacetRequest facet)
    {
        switch (facet.Field)
        {
            case ProductFields.Price or ProductFields.Rating:
                json.WriteStartObject(name);
                json.WriteStartObject("stats");
                json.WriteString("field", facet.Field == ProductFields.Price ? IndexFields.Price : IndexFields.Rating);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ProductFields.Id:
                break;
            case var field when FieldTerm.IsSpecification(field):
                SearchJson.WriteTerms(json, name, IndexFields.Specifications, SpecificationValues, SearchJson.Prefix(FieldTerm.SpecificationPrefix(field)));
                break;
            default:
                SearchJson.WriteTerms(json, name, IndexFields.Keyword(facet.Field), facet.Size);
                WriteDistinct(json, name + Distinct, IndexFields.Keyword(facet.Field));
                break;
        }
    }

    /// <summary>Counts distinct terms. Inside a filter that lets everything through, because 2.19 fails at a short cut of its own that it takes for one that stands alone.</summary>
    private static void WriteDistinct(Utf8JsonWriter json, string name, string field)
    {
        json.WriteStartObject(name);
        json.WritePropertyName("filter");
        json.MatchAll();
        json.WriteStartObject("aggs");
        json.WriteStartObject(Distinct);
        json.WriteStartObject("cardinality");
        json.WriteString("field", field);
        json.WriteNumber("precision_threshold", ExactDistinct);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static (Facet Facet, List<(string Term, int Count)> Terms) Read(FacetRequest request, JsonElement aggregations, int number)
    {
        if (request.Field == ProductFields.Id || !aggregations.TryGetProperty($"f{number}", out var facet))
        {
            return (Empty(request.Field), []);
        }

        if (request.Field is ProductFields.Price or ProductFields.Rating)
        {
            var scale = request.Field == ProductFields.Price ? SegmentFormat.PriceScale : 1;
            return (new Facet(request.Field, [], 0, Number(facet, "min") / scale, Number(facet, "max") / scale), []);
        }

        var buckets = SearchHits.Buckets(facet).ToList();
        var distinct = FieldTerm.IsSpecification(request.Field) ? buckets.Count : aggregations.GetProperty($"f{number}{Distinct}").GetProperty(Distinct).GetProperty("value").GetInt32();
        return (new Facet(request.Field, [], distinct, null, null), buckets.Count > request.Size ? buckets[..request.Size] : buckets);
    }

    private static decimal? Number(JsonElement stats, string name) =>
        stats.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? (decimal)value.GetDouble() : null;
}
