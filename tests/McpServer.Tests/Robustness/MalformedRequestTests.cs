using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AiPlatform.McpServer.Mcp.Http.Events;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiPlatform.McpServer.Tests.Robustness;

/// <summary>A hundred thousand spoiled requests over several connections: no answer is a server's fault, nothing hangs, nothing is left behind.</summary>
public sealed class MalformedRequestTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Requests = 100_000;
    private const int WarmUp = 10_000;
    private const int Connections = 8;
    private const long Growth = 16 * 1024 * 1024;

    private readonly TestServer _server = new(null, "--Mcp:MaxSessionsPerCaller=100", "--Mcp:ReplayBytesPerSession=65536");
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _faults = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Requests_Malformed_NeverBreakTheServer()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("AIPLATFORM_TEST_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var given) ? given : 20_260_301;
        output.WriteLine($"seed {seed}");
        var before = await ValidAsync();

        await RunAsync(seed, WarmUp);
        await SettleAsync();
        var warm = GC.GetTotalMemory(forceFullCollection: true);
        await RunAsync(seed + 1, Requests - WarmUp);
        await SettleAsync();
        var end = GC.GetTotalMemory(forceFullCollection: true);

        output.WriteLine(string.Join(", ", _statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));
        output.WriteLine($"memory {warm / 1024} KiB after {WarmUp}, {end / 1024} KiB at the end");
        Assert.True(_faults.IsEmpty, $"seed {seed}: {string.Join("\n", _faults.Take(5))}");
        Assert.Equal(before, await ValidAsync());
        Assert.True(end <= warm + Growth, $"{warm} bytes grew to {end}");
        // Refusals and answers both: otherwise the mutations reach nothing.
        Assert.True(_statuses.GetValueOrDefault(200) > Requests / 20 && _statuses.GetValueOrDefault(400) > Requests / 20);
        Assert.Equal(0, _server.Sessions.Count);
        Assert.Equal(0, _server.Services.GetRequiredService<EventMemory>().Bytes);
    }

    private Task RunAsync(int seed, int count) =>
        Task.WhenAll(Enumerable.Range(0, Connections).Select(i => Task.Run(() => RunOneAsync(new Random(seed + (i * 1_000)), count / Connections))));

    private async Task RunOneAsync(Random random, int count)
    {
        using var connection = new RawConnection(_server.Address);
        var mutator = new MessageMutator(random, _server.Europe);
        for (var i = 0; i < count; i++)
        {
            if (_server.Sessions.Find(mutator.Session) is null)
            {
                mutator.Session = await _server.OpenSessionAsync(_server.Europe);
            }

            var (request, broken) = mutator.Next();
            try
            {
                await connection.SendAsync(request, end: broken);
                var answer = await connection.ReadAsync(a => IsEndless(request, a), EventReader.Patience);
                Judge(request, answer, broken);
            }
            catch (IOException) when (broken)
            {
                // The server closed the connection while the rest of a broken request was being sent.
            }
            catch (OperationCanceledException)
            {
                _faults.Enqueue("no answer: " + Shown(request));
                connection.Close();
            }

            if (broken)
            {
                connection.Close();
            }
        }
    }

    private void Judge(byte[] request, RawAnswer? answer, bool broken)
    {
        if (answer is null)
        {
            if (!broken)
            {
                _faults.Enqueue("closed without an answer: " + Shown(request));
            }

            return;
        }

        _statuses.AddOrUpdate(answer.Status, 1, static (_, n) => n + 1);
        // 505 is what a broken request line is told: no fault of the server.
        if (answer.Status >= 500 && !(broken && answer.Status == 505))
        {
            _faults.Enqueue($"{answer.Status} {Encoding.UTF8.GetString(answer.Body)} to {Shown(request)}");
        }

        // Nothing here makes the server fail: whatever is wrong is the request.
        if (answer.Body.AsSpan().IndexOf("-32603"u8) >= 0)
        {
            _faults.Enqueue($"{Encoding.UTF8.GetString(answer.Body)} to {Shown(request)}");
        }

        if (answer.Body.AsSpan().IndexOf("   at "u8) >= 0)
        {
            _faults.Enqueue($"a stack trace in the answer to {Shown(request)}");
        }
    }

    /// <summary>Streams that stay open until the client leaves.</summary>
    private static bool IsEndless(byte[] request, RawAnswer answer) =>
        answer.Headers.TryGetValue("Content-Type", out var type) && type == "text/event-stream"
        && (request.AsSpan().StartsWith("GET"u8) || request.AsSpan().IndexOf("subscriptions/listen"u8) >= 0);

    /// <summary>Ends the sessions that were opened and waits for the calls of those who left.</summary>
    private async Task SettleAsync()
    {
        await Eventually.IsAsync(() => _server.Sessions.All.All(s => s.Active == 0), "nothing runs");
        foreach (var session in _server.Sessions.All.ToList())
        {
            await _server.Sessions.EndAsync(session);
        }
    }

    private async Task<string> ValidAsync()
    {
        var answers = new StringBuilder();
        foreach (var (tool, arguments) in new[] { ("whoami", "{}"), ("search_products", """{"catalog":"sample","query":"headphones"}"""), ("get_products", """{"catalog":"sample","ids":["e-00"]}""") })
        {
            answers.Append(await _server.CallAsync(_server.Europe, tool, arguments));
        }

        return answers.ToString();
    }

    private static string Shown(byte[] request) => Encoding.Latin1.GetString(request, 0, Math.Min(request.Length, 1_500));
}
