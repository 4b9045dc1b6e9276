using System.Globalization;
using AiPlatform.Bench.Measuring;

namespace AiPlatform.Bench.Mcp;

/// <summary>The peer's servers under the same load as ours, one after the other, and how many times as many calls ours answers.</summary>
internal static class PeerComparison
{
    private static readonly (string Label, string Mode, int Workers, CallStyle Style)[] Servers =
    [
        ("SDK 1, sessions, JSON answers", "session", 1, CallStyle.Session),
        ("SDK 1, stateless, JSON answers", "stateless", 1, CallStyle.Sessionless),
        ("SDK 1, stateless, a process a core", "stateless", Environment.ProcessorCount, CallStyle.Sessionless),
        ("SDK 2, stateless (2026-07-28)", "modern", 1, CallStyle.Stateless),
        ("SDK 2, stateless, a process a core", "modern", Environment.ProcessorCount, CallStyle.Stateless),
    ];

    /// <summary>Measures and prints.</summary>
    /// <param name="ours">Our best row for each number of connections.</param>
    /// <param name="queries">The queries, the same as ours.</param>
    /// <param name="warmUp">Not measured, at the start of each server.</param>
    /// <param name="duration">Measured a row.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task RunAsync(IReadOnlyDictionary<int, LoadResult> ours, IReadOnlyList<string> queries, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        var table = new TextTable("peer: TypeScript SDK over MiniSearch", "connections", "calls/s", "p50 ms", "p99 ms", "calls");
        var best = new Dictionary<int, (string Label, LoadResult Result)>();
        foreach (var (label, mode, workers, style) in Servers)
        {
            await using var peer = await PeerServer.StartAsync(mode, workers, cancellationToken).ConfigureAwait(false);
            var run = new LoadRun(peer.Url, new McpRequests(peer.Url, PeerServer.Key), queries, catalog: null);
            await run.RunAsync(style, ours.Keys.Max(), TimeSpan.Zero, warmUp, cancellationToken).ConfigureAwait(false);
            foreach (var connections in ours.Keys.Order())
            {
                var result = await run.RunAsync(style, connections, TimeSpan.FromSeconds(1), duration, cancellationToken).ConfigureAwait(false);
                table.Add(label, connections, Number(result.CallsPerSecond, "N0"), Number(result.MedianMilliseconds, "0.000"), Number(result.P99Milliseconds, "0.000"), result.Calls);
                if (!best.TryGetValue(connections, out var fastest) || result.CallsPerSecond > fastest.Result.CallsPerSecond)
                {
                    best[connections] = (label, result);
                }
            }
        }

        table.Write(Console.Out);
        foreach (var (connections, (label, result)) in best.OrderBy(b => b.Key))
        {
            var mine = ours[connections];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{connections} connections: {mine.CallsPerSecond / result.CallsPerSecond:0.0} times the calls/s of the fastest peer ({label}); p50 {result.MedianMilliseconds / mine.MedianMilliseconds:0.0}, p99 {result.P99Milliseconds / mine.P99Milliseconds:0.0} times shorter"));
        }

        Console.WriteLine($"node {await PeerServer.NodeVersionAsync(cancellationToken).ConfigureAwait(false)}, {Environment.ProcessorCount} cores shared by server and load");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
