using System.CommandLine;
using System.Globalization;
using AiPlatform.Bench.Measuring;
using AiPlatform.Bench.Relevance;

namespace AiPlatform.Bench.Mcp;

/// <summary><c>mcp</c>: calls a second and latency of search_products over HTTP, at 1 and 16 connections, for both protocol eras.</summary>
internal static class McpVerb
{
    private static readonly string[] DefaultQueries =
        ["wireless headphones", "red running shoes", "coffee machine", "laptop 16 gb", "desk lamp", "winter jacket without hood", "4k monitor", "kitchen knife set", "usb c charger", "cotton bed sheets"];

    private static readonly int[] Connections = [1, 16];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<string?>("--url") { Description = "A running server's MCP address, such as http://127.0.0.1:5080/mcp. Without it a server is started." };
        var key = new Option<string?>("--key") { Description = "API key for --url." };
        var catalog = new Option<string?>("--catalog") { Description = "Catalog to search; the server's only one without it." };
        var queries = new Option<string?>("--queries") { Description = "TSV with query_id and query; ten questions for the sample catalog without it." };
        var seconds = new Option<int>("--seconds") { Description = "Seconds measured per row, after two of warm-up.", DefaultValueFactory = _ => 8 };
        var peer = new Option<bool>("--peer") { Description = "Also measure MCP servers of the TypeScript SDK over MiniSearch with the sample catalog, under the same load. Not with --url." };
        var command = new Command("mcp", "Calls a second, p50 and p99 of search_products over HTTP.") { url, key, catalog, queries, seconds, peer };
        command.Validators.Add(parse =>
        {
            if (parse.GetValue(peer) && (parse.GetValue(url) is not null || parse.GetValue(catalog) is not null))
            {
                parse.AddError("--peer serves the sample catalog: leave out --url and --catalog.");
            }
        });
        command.SetAction(async (parse, cancellationToken) =>
        {
            var queryFile = parse.GetValue(queries);
            var texts = queryFile is null ? DefaultQueries : [.. QuerySet.Read(queryFile).Select(q => q.Text)];
            var duration = TimeSpan.FromSeconds(parse.GetValue(seconds));
            var ours = await RunAsync(parse.GetValue(url), parse.GetValue(key), parse.GetValue(catalog), texts, duration, cancellationToken).ConfigureAwait(false);
            if (parse.GetValue(peer))
            {
                await PeerComparison.RunAsync(ours, texts, WarmUp, duration, cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }

    /// <summary>Measures our server; answers the faster of both eras for each number of connections.</summary>
    private static async Task<IReadOnlyDictionary<int, LoadResult>> RunAsync(string? url, string? key, string? catalog, IReadOnlyList<string> queries, TimeSpan duration, CancellationToken cancellationToken)
    {
        var best = new Dictionary<int, LoadResult>();
        await using var server = url is null ? await ServerProcess.StartAsync(catalog: null, cancellationToken).ConfigureAwait(false) : null;
        var address = new Uri(url ?? server!.Url);
        var run = new LoadRun(address, new McpRequests(address, key ?? server?.Key), queries, catalog);
        var table = new TextTable("search_products", "connections", "calls/s", "p50 ms", "p99 ms", "calls", "server CPU us/call");
        // A server that has just started compiles its hot paths anew for a while: that is no row's latency.
        await run.RunAsync(CallStyle.Stateless, Connections[^1], TimeSpan.Zero, WarmUp, cancellationToken).ConfigureAwait(false);
        foreach (var style in new[] { CallStyle.Stateless, CallStyle.Session })
        {
            foreach (var connections in Connections)
            {
                var (answered, used) = (run.Answered, server?.ProcessorTime());
                var result = await run.RunAsync(style, connections, TimeSpan.FromSeconds(2), duration, cancellationToken).ConfigureAwait(false);
                best[connections] = best.TryGetValue(connections, out var other) && other.CallsPerSecond > result.CallsPerSecond ? other : result;
                table.Add(
                    style == CallStyle.Session ? $"session ({McpRequests.Legacy})" : $"stateless ({McpRequests.Modern})", connections,
                    result.CallsPerSecond.ToString("N0", CultureInfo.InvariantCulture), Milliseconds(result.MedianMilliseconds), Milliseconds(result.P99Milliseconds), result.Calls,
                    (server?.ProcessorTime() - used)?.Divide(run.Answered - answered).TotalMicroseconds.ToString("0", CultureInfo.InvariantCulture) ?? "-");
            }
        }

        table.Write(Console.Out);
        if (server is not null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"server: {server.PeakMegabytes():0} MB resident at most"));
        }

        return best;
    }

    private static string Milliseconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
