using System.Diagnostics;
using System.Globalization;
using AiPlatform.Bench.Measuring;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Scale;

/// <summary>One row a selectivity: lexical, vector and hybrid latency, and what the vector leg finds of the true ten nearest.</summary>
internal sealed class ScaleMeasurement(ICatalogIndex index, ScaleScopes scopes, IReadOnlyList<string> queries, HashSet<string>[][] exact)
{
    public async Task RunAsync(int rounds, TextWriter output, CancellationToken cancellationToken)
    {
        var table = new TextTable("visible", "products", "lexical p50 ms", "p99", "vector p50 ms", "p99", "hybrid p50 ms", "p99", "vector recall@10");
        for (var s = 0; s < scopes.All.Count; s++)
        {
            var scope = scopes.All[s];
            var visible = (await index.ListCatalogsAsync(scope, cancellationToken).ConfigureAwait(false)).Sum(c => c.VisibleProducts);
            var lexical = await TimeAsync(scope, SearchMode.Lexical, rounds, cancellationToken).ConfigureAwait(false);
            var vector = await TimeAsync(scope, SearchMode.Vector, rounds, cancellationToken).ConfigureAwait(false);
            var hybrid = await TimeAsync(scope, SearchMode.Hybrid, rounds, cancellationToken).ConfigureAwait(false);
            var recall = await RecallAsync(scope, s, cancellationToken).ConfigureAwait(false);
            table.Add(
                (100 * ScaleScopes.Shares[s]).ToString("0.#", CultureInfo.InvariantCulture) + "%", visible.ToString("N0", CultureInfo.InvariantCulture),
                Text(lexical.MedianMilliseconds), Text(lexical.P99Milliseconds), Text(vector.MedianMilliseconds), Text(vector.P99Milliseconds),
                Text(hybrid.MedianMilliseconds), Text(hybrid.P99Milliseconds), recall.ToString("0.0000", CultureInfo.InvariantCulture));
        }

        table.Write(output);
    }

    private async Task<LatencySamples> TimeAsync(AccessScope scope, SearchMode mode, int rounds, CancellationToken cancellationToken)
    {
        var samples = new LatencySamples();
        for (var round = -1; round < rounds; round++)
        {
            foreach (var text in queries)
            {
                var query = Query(text, mode);
                var start = Stopwatch.GetTimestamp();
                await index.SearchAsync(scope, query, cancellationToken).ConfigureAwait(false);
                if (round >= 0)
                {
                    samples.Add(Stopwatch.GetTimestamp() - start);
                }
            }
        }

        return samples;
    }

    private async Task<double> RecallAsync(AccessScope scope, int selectivity, CancellationToken cancellationToken)
    {
        var shares = new List<double>(queries.Count);
        for (var q = 0; q < queries.Count; q++)
        {
            var wanted = exact[q][selectivity];
            if (wanted.Count > 0)
            {
                var page = await index.SearchAsync(scope, Query(queries[q], SearchMode.Vector), cancellationToken).ConfigureAwait(false);
                shares.Add((double)page.Hits.Take(ExactNeighbours.Depth).Count(h => wanted.Contains(h.Id)) / wanted.Count);
            }
        }

        return shares.Count == 0 ? double.NaN : shares.Average();
    }

    private static ProductQuery Query(string text, SearchMode mode) =>
        new() { Catalog = ScaleVerb.Catalog, Text = text, Mode = mode, PageSize = ExactNeighbours.Depth, IncludeProducts = false, IncludeTotal = false };

    private static string Text(double milliseconds) => milliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
