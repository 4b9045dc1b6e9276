using System.Text.Json;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.OpenSearch.Querying;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>
/// Average lengths of the searched fields, over the products that have them: what <see cref="WeightedText"/> normalises by. A build starts from those of the
/// live index and goes on learning from what it writes; without one from those of the two judged catalogs, which some ten products outweigh. Not thread-safe.
/// </summary>
internal sealed class TextLengths
{
    private const int PriorProducts = 4;
    private static readonly float[] Prior = [12, 2, 4, 1.3f, 80, 20];
    private readonly double[] _tokens = [.. Prior.Select(p => (double)p * PriorProducts)];
    private readonly double[] _products = [.. Prior.Select(_ => (double)PriorProducts)];

    /// <summary>The index field that holds a product's length of a searched field.</summary>
    public static string FieldOf(TextField field) => field switch
    {
        TextField.Name => "nameLength",
        TextField.Class => "classLength",
        TextField.Category => "categoryLength",
        TextField.Brand => "brandLength",
        TextField.Description => "descriptionLength",
        _ => "featuresLength",
    };

    /// <summary>Tokens of the field in a product that has it.</summary>
    public double Average(TextField field) => _tokens[(int)field] / _products[(int)field];

    /// <summary>Learns from one product.</summary>
    public void Add(TextField field, int tokens)
    {
        if (tokens > 0)
        {
            _tokens[(int)field] += tokens;
            _products[(int)field]++;
        }
    }

    /// <summary>Those of an index.</summary>
    /// <exception cref="OpenSearchException">It cannot be asked.</exception>
    public static async ValueTask<TextLengths> OfAsync(OpenSearchConnection connection, string index, CancellationToken cancellationToken)
    {
        var searches = new MultiSearch(index);
        searches.Add(Write);
        using var answer = await searches.SendAsync(connection, cancellationToken).ConfigureAwait(false);
        var learned = new TextLengths();
        var aggregations = answer[0].GetProperty("aggregations");
        for (var field = TextField.Name; field < TextField.Count; field++)
        {
            var stats = aggregations.GetProperty(FieldOf(field));
            learned._tokens[(int)field] += stats.GetProperty("sum").GetDouble();
            learned._products[(int)field] += stats.GetProperty("count").GetInt64();
        }

        return learned;
    }

    private static void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("size", 0);
        json.WriteStartObject("aggs");
        for (var field = TextField.Name; field < TextField.Count; field++)
        {
            json.WriteStartObject(FieldOf(field));
            json.WriteStartObject("stats");
            json.WriteString("field", FieldOf(field));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
