using System.Globalization;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Gates;

/// <summary>Judged queries are answered not much worse than by the live generation; a first generation reaches a floor. NDCG@10; a product without a judgment counts 0.</summary>
internal sealed class RelevanceGate : IReindexGate
{
    private const int Depth = 10;

    public async ValueTask<GateResult> CheckAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        if (candidate.Settings is not { JudgedQueries: { } queryFile, Judgments: { } judgmentFile })
        {
            return new GateResult(GateNames.Relevance, Passed: true, 0, 0, "no judged queries are configured") { Skipped = true };
        }

        var judged = JudgedQueries.Read(queryFile, judgmentFile);
        var next = await MeanAsync(candidate.Index, candidate, judged, cancellationToken).ConfigureAwait(false) ?? 0;
        var live = candidate.Live is null ? null : await MeanAsync(candidate.Live, candidate, judged, cancellationToken).ConfigureAwait(false);
        var threshold = live is { } before ? Math.Max(0, before - candidate.Settings.MaxRelevanceDrop) : candidate.Settings.MinRelevance;
        var compared = live is { } was ? $"the live generation has {Text(was)}" : "there is no live generation to compare with";
        var passed = next >= threshold;
        var detail = passed
            ? $"NDCG@10 {Text(next)} over {judged.Count} judged queries; {compared}"
            : $"NDCG@10 over {judged.Count} judged queries is {Text(next)}, less than {Text(threshold)}; {compared}. Look at what changed in source, mapping or model, or allow it with Gates:MaxRelevanceDrop.";
        return new GateResult(GateNames.Relevance, passed, next, threshold, detail) { Code = "relevance_dropped" };
    }

    private static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Null where the catalog is not there.</summary>
    private static async ValueTask<double?> MeanAsync(ICatalogIndex index, Candidate candidate, IReadOnlyList<JudgedQuery> judged, CancellationToken cancellationToken)
    {
        var sum = 0.0;
        foreach (var query in judged)
        {
            try
            {
                var asked = new ProductQuery { Catalog = candidate.Catalog, Text = query.Text, PageSize = Depth, IncludeProducts = false, IncludeTotal = false };
                var page = await index.SearchAsync(candidate.System, asked, cancellationToken).ConfigureAwait(false);
                sum += Dcg(page.Hits.Select(h => query.Gains.GetValueOrDefault(h.Id))) / Dcg(query.Gains.Values.OrderDescending());
            }
            catch (CatalogRequestException e) when (e.Code == CatalogErrors.UnknownCatalog)
            {
                return null;
            }
        }

        return sum / judged.Count;
    }

    private static double Dcg(IEnumerable<double> gains) => gains.Take(Depth).Select((g, i) => g / Math.Log2(i + 2)).Sum();
}
