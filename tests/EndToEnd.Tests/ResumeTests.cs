using System.Globalization;
using System.Text.Json;
using AiPlatform.Search.Tests.Embeddings.Remote;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>A worker that is asked to stop in the middle of a job, as a process, and the next one, which goes on behind what the first had written.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    private const int Products = 4_000;

    /// <summary>Requests to the embedding service that are answered at once, of 63: 64 texts each.</summary>
    private const int Prompt = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("aip-resume-").FullName;
    private readonly Dictionary<string, string> _settings = [];
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EmbeddingServer? _embeddings;

    public async Task InitializeAsync()
    {
        _embeddings = await EmbeddingServer.StartAsync();
        _embeddings.Instead = async (http, number) =>
        {
            if (number > Prompt)
            {
                _held.TrySetResult();
                await _release.Task.WaitAsync(http.RequestAborted);
            }

            return false;
        };
        var (source, mapping) = (Path.Combine(_folder, "shop.jsonl"), Path.Combine(_folder, "shop.yaml"));
        await File.WriteAllLinesAsync(source, Enumerable.Range(0, Products).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"p{{i}}","name":"Garden lamp number {{i}} of series {{i % 97}}"}""")));
        await File.WriteAllTextAsync(mapping, "fields:\n  id: id\n  name: name\n  accessLevel: { constant: public }\n  allowedGroups: { constant: [everyone] }\n");
        foreach (var (name, value) in new[] { ("Catalogs__shop__Source", source), ("Catalogs__shop__Mapping", mapping), ("Embeddings__Provider", "openai"), ("Embeddings__Model", "letters"), ("Embeddings__Dimensions", "26"), ("Embeddings__BaseUrl", _embeddings.Url + "/v1") })
        {
            _settings[name] = value;
        }
    }

    public async Task DisposeAsync()
    {
        _release.TrySetResult();
        await _embeddings!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public Task StoppedWorker_Embedded_TheNextGoesOnBehindItsLastChange() => StopAndGoOnAsync();

    [SkippableFact]
    public async Task StoppedWorker_OpenSearch_TheNextGoesOnBehindItsLastChange()
    {
        await using var node = await OpenSearchProcess.StartAsync();
        Skip.If(node.Missing is not null, node.Missing);
        (_settings["OpenSearch__Nodes__0"], _settings["OpenSearch__IndexPrefix"]) = (node.Url, "t" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal));
        await StopAndGoOnAsync();
    }

    [Fact]
    public async Task StoppedWorker_WhoseServiceDoesNotAnswer_StopsInTime()
    {
        await using var worker = await StartAsync("w1");
        var id = await OrderAsync();
        await _held.Task.WaitAsync(Patience);
        var (exitCode, took) = await worker.StopAsync();

        Assert.True(exitCode == 0, worker.Log);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal("queued", (await JobAsync(id)).GetProperty("state").GetString());
    }

    private async Task StopAndGoOnAsync()
    {
        string id, log;
        await using (var first = await StartAsync("w1"))
        {
            id = await OrderAsync();
            await _held.Task.WaitAsync(Patience);
            var stopping = first.StopAsync();
            await SaidAsync(first, "shutting down");
            _release.SetResult();
            var (exitCode, took) = await stopping;
            Assert.True(exitCode == 0, first.Log);

            // 10 s when the machine has nothing else to do; tests run beside others.
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
            Assert.Equal("queued", (await JobAsync(id)).GetProperty("state").GetString());
            log = $"stopped in {took}\n{first.Log}";
        }

        Skip.If(log.Contains("could not be written within", StringComparison.Ordinal), "This machine was too busy to write what was under way within the time a stop has; nothing was there to go on from");
        await using var second = await StartAsync("w2");
        using var patience = new CancellationTokenSource(Patience);
        var job = await JobAsync(id);
        while (job.GetProperty("state").GetString() is "queued" or "running")
        {
            patience.Token.ThrowIfCancellationRequested();
            job = await JobAsync(id);
        }

        Assert.Equal(("succeeded", 2), (job.GetProperty("state").GetString(), job.GetProperty("attempts").GetInt32()));
        var counts = job.GetProperty("counts");
        var (resumed, put) = (counts.GetProperty("resumed").GetInt64(), counts.GetProperty("put").GetInt32());
        Assert.True(resumed >= Prompt * 64 / 2, $"{job}\n{log}\n{second.Log}");

        // Nothing was embedded or written twice.
        Assert.Equal((Products - resumed, Products - resumed, Products), (put, counts.GetProperty("embedded").GetInt32(), counts.GetProperty("added").GetInt32()));
    }

    private async Task<WorkerProcess> StartAsync(string name)
    {
        var worker = WorkerProcess.Start(_folder, name, _settings);
        await SaidAsync(worker, "is at work");
        return worker;
    }

    private static async Task SaidAsync(WorkerProcess worker, string words)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!worker.Log.Contains(words, StringComparison.Ordinal))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task<string> OrderAsync() => JsonElement.Parse(await CommandAsync("jobs", "start", "--catalog", "shop", "--json")).GetProperty("id").GetString()!;

    private async Task<JsonElement> JobAsync(string id) => JsonElement.Parse(await CommandAsync("jobs", "show", id, "--json"));

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
}
