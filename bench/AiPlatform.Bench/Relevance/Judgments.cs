using System.Globalization;

namespace AiPlatform.Bench.Relevance;

/// <summary>Gains by query and product: a TSV file with the columns <c>query_id</c>, <c>product_id</c> and <c>gain</c>.</summary>
internal sealed class Judgments
{
    private static readonly IReadOnlyDictionary<string, double> None = new Dictionary<string, double>(StringComparer.Ordinal);

    private readonly Dictionary<string, Dictionary<string, double>> _gains = new(StringComparer.Ordinal);

    public static Judgments Read(string path)
    {
        var judgments = new Judgments();
        foreach (var row in TsvRows.Read(path, "query_id", "product_id", "gain"))
        {
            if (!judgments._gains.TryGetValue(row[0], out var gains))
            {
                judgments._gains[row[0]] = gains = new(StringComparer.Ordinal);
            }

            gains[row[1]] = double.Parse(row[2], NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        return judgments;
    }

    public IReadOnlyDictionary<string, double> Of(string query) => _gains.TryGetValue(query, out var gains) ? gains : None;
}
