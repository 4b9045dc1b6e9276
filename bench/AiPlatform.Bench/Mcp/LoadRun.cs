using System.Diagnostics;
using System.Text;
using AiPlatform.Bench.Measuring;

namespace AiPlatform.Bench.Mcp;

/// <summary>A closed loop: each connection sends its next call when its last one is answered. Latency includes the client's own work.</summary>
internal sealed class LoadRun(Uri url, McpRequests requests, IReadOnlyList<string> queries, string? catalog)
{
    private long _answered;

    /// <summary>Answers so far, those of warm-ups included.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    public async Task<LoadResult> RunAsync(CallStyle style, int connections, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var measureFrom = began + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        var until = measureFrom + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var loops = await Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(() => LoopAsync(style, i, measureFrom, until, cancellationToken), cancellationToken))).ConfigureAwait(false);
        var samples = new LatencySamples();
        foreach (var loop in loops)
        {
            samples.AddAll(loop);
        }

        return new LoadResult(samples.Count / duration.TotalSeconds, samples.MedianMilliseconds, samples.P99Milliseconds, samples.Count);
    }

    private async Task<LatencySamples> LoopAsync(CallStyle style, int number, long measureFrom, long until, CancellationToken cancellationToken)
    {
        using var connection = new HttpConnection();
        await connection.ConnectAsync(url, cancellationToken).ConfigureAwait(false);
        var calls = await PrepareAsync(connection, style, cancellationToken).ConfigureAwait(false);
        var samples = new LatencySamples(1 << 16);

        // Connections start at different queries, so that they do not ask the same thing at the same time.
        for (var i = number * 7; ; i++)
        {
            var start = Stopwatch.GetTimestamp();
            if (start >= until)
            {
                return samples;
            }

            var answer = await connection.SendAsync(calls[i % calls.Length], cancellationToken).ConfigureAwait(false);
            var end = Stopwatch.GetTimestamp();
            Check(answer);
            Interlocked.Increment(ref _answered);
            if (start >= measureFrom && end < until)
            {
                samples.Add(end - start);
            }
        }
    }

    private async Task<byte[][]> PrepareAsync(HttpConnection connection, CallStyle style, CancellationToken cancellationToken)
    {
        if (style == CallStyle.Stateless)
        {
            return [.. queries.Select((q, i) => requests.ModernSearch(q, catalog, i + 1))];
        }

        if (style == CallStyle.Sessionless)
        {
            return [.. queries.Select((q, i) => requests.LegacySearch(session: null, q, catalog, i + 1))];
        }

        var hello = await connection.SendAsync(requests.Initialize(), cancellationToken).ConfigureAwait(false);
        var session = hello.Session ?? throw new InvalidDataException($"initialize gave no session (status {hello.Status}): {Encoding.UTF8.GetString(hello.Body.Span)}");
        await connection.SendAsync(requests.Initialized(session), cancellationToken).ConfigureAwait(false);
        return [.. queries.Select((q, i) => requests.LegacySearch(session, q, catalog, i + 1))];
    }

    /// <summary>A fast error is not an answer: the run stops at the first.</summary>
    private static void Check(HttpAnswer answer)
    {
        var body = answer.Body.Span;
        if (answer.Status != 200 || body.IndexOf("\"isError\":true"u8) >= 0 || body.IndexOf("\"structuredContent\""u8) < 0)
        {
            throw new InvalidDataException($"The server did not answer a search (status {answer.Status}): {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 2_000)])}");
        }
    }
}
