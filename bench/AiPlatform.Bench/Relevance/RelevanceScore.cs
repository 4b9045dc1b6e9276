namespace AiPlatform.Bench.Relevance;

/// <summary>Means over the queries that have a positive judgment.</summary>
/// <param name="Queries">How many there are.</param>
/// <param name="Ndcg">NDCG@10; unjudged products count 0.</param>
/// <param name="JudgedOnlyNdcg">NDCG@10 after unjudged products were taken out of the run.</param>
/// <param name="Recall">Share of the products of gain 1 within the first 100.</param>
internal sealed record RelevanceScore(int Queries, double Ndcg, double JudgedOnlyNdcg, double Recall)
{
    private const int Depth = 10;
    private const int RecallDepth = 100;

    public static RelevanceScore Of(IReadOnlyDictionary<string, IReadOnlyList<string>> run, IEnumerable<string> queries, Judgments judgments)
    {
        var ndcg = new List<double>();
        var judgedOnly = new List<double>();
        var recall = new List<double>();
        foreach (var query in queries)
        {
            var gains = judgments.Of(query);
            var ideal = Dcg(gains.Values.OrderDescending());
            if (ideal <= 0)
            {
                continue;
            }

            var ranked = run.TryGetValue(query, out var found) ? found : [];
            ndcg.Add(Dcg(ranked.Select(p => gains.TryGetValue(p, out var gain) ? gain : 0)) / ideal);
            judgedOnly.Add(Dcg(ranked.Where(gains.ContainsKey).Select(p => gains[p])) / ideal);
            var exact = gains.Where(g => g.Value == 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
            if (exact.Count > 0)
            {
                recall.Add((double)ranked.Take(RecallDepth).Distinct(StringComparer.Ordinal).Count(exact.Contains) / exact.Count);
            }
        }

        return new RelevanceScore(ndcg.Count, Mean(ndcg), Mean(judgedOnly), Mean(recall));
    }

    private static double Dcg(IEnumerable<double> gains) => gains.Take(Depth).Select((g, i) => g / Math.Log2(i + 2)).Sum();

    private static double Mean(List<double> values) => values.Count == 0 ? double.NaN : values.Average();
}
