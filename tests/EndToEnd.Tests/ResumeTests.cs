using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>A worker that is asked to stop in the middle of a job, as a process, and the next one, which goes on from its last checkpoint.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    /// <summary>Some checkpoints of 20,000 each.</summary>
    private const int Products = 70_000;

    /// <summary>How far the job says it is when the first checkpoint is well behind it: indexing goes from 45 to 95.</summary>
    private const double Enough = 45 + (50 * 30_000d / Products);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("aip-resume-").FullName;
    private readonly Dictionary<string, string> _settings = [];

    public async Task InitializeAsync()
    {
        var (source, mapping) = (Path.Combine(_folder, "shop.jsonl"), Path.Combine(_folder, "shop.yaml"));
        await File.WriteAllLinesAsync(source, Enumerable.Range(0, Products).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{"id":"p{{i}}","name":"Garden lamp number {{i}} of series {{i % 97}}","text":"A lamp of {{i % 13}} watts for garden {{i % 41}} and terrace {{i % 29}}"}""")));
        await File.WriteAllTextAsync(mapping, "fields:\n  id: id\n  name: name\n  description: text\n  accessLevel: { constant: public }\n  allowedGroups: { constant: [everyone] }\n");
        (_settings["Catalogs__shop__Source"], _settings["Catalogs__shop__Mapping"]) = (source, mapping);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public Task StoppedWorker_Embedded_TheNextGoesOn() => StopAndGoOnAsync();

    [SkippableFact]
    public async Task StoppedWorker_OpenSearch_TheNextGoesOn()
    {
        await using var node = await OpenSearchProcess.StartAsync();
        Skip.If(node.Missing is not null, node.Missing);
        (_settings["OpenSearch__Nodes__0"], _settings["OpenSearch__IndexPrefix"]) = (node.Url, "t" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal));
        await StopAndGoOnAsync();
    }

    private async Task StopAndGoOnAsync()
    {
        string id;
        await using (var first = WorkerProcess.Start(_folder, "w1", _settings))
        {
            await WorkingAsync(first);
            id = JsonDocument.Parse(await CommandAsync("jobs", "start", "--catalog", "shop", "--json")).RootElement.GetProperty("id").GetString()!;
            await SeenAsync(first, id, job => job.GetProperty("percent").GetDouble() >= Enough);
            var (exitCode, took) = await first.StopAsync();
            Assert.True(exitCode == 0, first.Log);

            // 10 s when the machine has nothing else to do; tests run beside others.
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
            Assert.Equal("queued", (await JobAsync(id)).GetProperty("state").GetString());
        }

        await using var second = WorkerProcess.Start(_folder, "w2", _settings);
        var ended = await SeenAsync(second, id, job => job.GetProperty("state").GetString() is not ("queued" or "running"));
        Assert.Equal(("succeeded", 2), (ended.GetProperty("state").GetString(), ended.GetProperty("attempts").GetInt32()));
        var counts = ended.GetProperty("counts");
        var (resumed, put) = (counts.GetProperty("resumed").GetInt64(), counts.GetProperty("put").GetInt32());
        Assert.True(resumed > 0, $"{ended}\n{second.Log}");
        Assert.Equal(Products - resumed, put);
        Assert.Equal(Products, counts.GetProperty("added").GetInt32());
    }

    private static async Task WorkingAsync(WorkerProcess worker)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!worker.Log.Contains("is at work", StringComparison.Ordinal))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<string> CommandAsync(params string[] arguments)
    {
        using var process = ServerProcess.Launch("Indexer", _folder, arguments, _settings);
        using var patience = new CancellationTokenSource(Patience);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, output + await error);
        return output;
    }

    private async Task<JsonElement> SeenAsync(WorkerProcess worker, string id, Func<JsonElement, bool> wanted)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var job = await JobAsync(id);
            if (wanted(job))
            {
                return job;
            }

            Assert.False(job.GetProperty("state").GetString() is not ("queued" or "running") || clock.Elapsed > Patience, $"{job}\n{worker.Log}");
        }
    }

    private async Task<JsonElement> JobAsync(string id) => JsonElement.Parse(await CommandAsync("jobs", "show", id, "--json"));
}
