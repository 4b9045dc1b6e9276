using System.Diagnostics;
using System.Globalization;
using AiPlatform.Bench.Measuring;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Search;

/// <summary>Times the engine and FTS5 in turns, one thread, so that what the machine does meanwhile falls on both.</summary>
internal sealed class SideBySide(ICatalogIndex index, string catalog, IReadOnlyList<string> queries)
{
    private const int WarmUpRounds = 3;

    public async Task RunAsync(IReadOnlyList<SearchVariant> variants, int rounds, TextWriter output, CancellationToken cancellationToken)
    {
        var ours = variants.ToDictionary(v => v, _ => new LatencySamples());
        var theirs = variants.ToDictionary(v => v, _ => new LatencySamples());
        var allocated = variants.ToDictionary(v => v, _ => 0L);
        for (var round = -WarmUpRounds; round < rounds; round++)
        {
            foreach (var variant in variants)
            {
                var prepared = queries.Select(q => variant.Query(catalog, q)).ToArray();
                var before = GC.GetAllocatedBytesForCurrentThread();
                var mine = await OursAsync(variant, prepared, cancellationToken).ConfigureAwait(false);
                allocated[variant] += round < 0 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
                var peers = Theirs(variant);
                if (round >= 0)
                {
                    ours[variant].AddAll(mine);
                    theirs[variant].AddAll(peers);
                }
            }
        }

        var table = new TextTable("variant", "ours ms median", "ours p99", "FTS5 ms median", "FTS5 p99", "times faster", "KB/query");
        foreach (var variant in variants)
        {
            var (mine, peers) = (ours[variant], theirs[variant]);
            table.Add(
                variant.Name, Text(mine.MedianMilliseconds), Text(mine.P99Milliseconds), Text(peers.MedianMilliseconds), Text(peers.P99Milliseconds),
                (peers.MedianMilliseconds / mine.MedianMilliseconds).ToString("0.0", CultureInfo.InvariantCulture) + "x",
                (allocated[variant] / 1024.0 / mine.Count).ToString("0.0", CultureInfo.InvariantCulture));
        }

        table.Write(output);
    }

    private async Task<LatencySamples> OursAsync(SearchVariant variant, ProductQuery[] prepared, CancellationToken cancellationToken)
    {
        var samples = new LatencySamples(prepared.Length);
        foreach (var query in prepared)
        {
            var start = Stopwatch.GetTimestamp();
            await index.SearchAsync(variant.Scope, query, cancellationToken).ConfigureAwait(false);
            samples.Add(Stopwatch.GetTimestamp() - start);
        }

        return samples;
    }

    private LatencySamples Theirs(SearchVariant variant)
    {
        var samples = new LatencySamples(queries.Count);
        foreach (var query in queries)
        {
            var start = Stopwatch.GetTimestamp();
            variant.Peer(query);
            samples.Add(Stopwatch.GetTimestamp() - start);
        }

        return samples;
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
