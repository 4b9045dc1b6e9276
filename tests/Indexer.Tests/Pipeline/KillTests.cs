using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Search.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>
/// A real process reindexes and is killed at seeded random moments. Variables: AIPLATFORM_KILL_POINTS (default 6), AIPLATFORM_KILL_PRODUCTS (default 1500),
/// AIPLATFORM_KILL_SEED (default 1). tests/soak.sh kills at 200.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const string Catalog = "killed";
    private static readonly int Points = Number("AIPLATFORM_KILL_POINTS", 6);
    private static readonly int Products = Number("AIPLATFORM_KILL_PRODUCTS", 1_500);
    private static readonly int Seed = Number("AIPLATFORM_KILL_SEED", 1);

    private readonly TemporaryFolder _folder = new();
    private readonly AccessScope _system = new AccessScope.Issuer(() => AccessPolicy.Empty, new RecordingAudit()).IssueSystem("tests", "reads everything");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reindex_KilledAnywhere_LosesAndDoublesNothingAndGoesOn()
    {
        var random = new Random(Seed);
        _folder.Write("map.yaml", IndexFixture.Yaml);
        await RunAsync(Source(0));
        var whole = Stopwatch.GetTimestamp();
        await RunAsync(Source(1));
        var took = Stopwatch.GetElapsedTime(whole);
        using var engine = new EmbeddedCatalog(
            new EmbeddedCatalogOptions { Directory = _folder["data/catalogs"], ReloadCheckMilliseconds = 0 }, new QueryEmbedders([]), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance);
        using var stop = new CancellationTokenSource();
        var searching = Task.Run(() => SearchAsync(engine, stop.Token));
        var (killed, resumed) = (0, 0);
        for (var point = 0; point < Points; point++)
        {
            var (old, next) = (Ids(point + 1), Ids(point + 2));
            var source = Source(point + 2);
            var after = took * (.15 + (.85 * random.NextDouble()));
            var ended = await KillAsync(source, after);
            var found = await IdsAsync(engine);
            var where = string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, point {point}, killed after {after.TotalMilliseconds:0} of {took.TotalMilliseconds:0} ms");
            Assert.True(found.SetEquals(old) || found.SetEquals(next), $"{where}: {found.Count} products, neither the old nor the new generation");
            killed += ended ? 0 : 1;
            var report = await RunAsync(source);
            Assert.True((await IdsAsync(engine)).SetEquals(next), where);
            Assert.Empty(await engine.VerifyAsync(_system, Catalog, CancellationToken.None));
            if (report.GetProperty("resumed").GetInt64() is > 0 and var done)
            {
                resumed++;
                Assert.Equal(Products - done, report.GetProperty("put").GetInt64());
                Assert.True(report.GetProperty("embedded").GetInt64() < Products, where);
            }
        }

        await stop.CancelAsync();
        Assert.True(await searching > 0);
        Assert.True(killed > 0, "no run was killed before its end");
        Assert.True(resumed > 0 || Points < 6, $"of {killed} killed runs none went on from a checkpoint");
    }

    /// <summary>Every product is another one in every revision, so that everything is embedded and written.</summary>
    private static string Row(int revision, int i) =>
        $$"""{"id":"r{{revision}}-{{i}}","name":"Product {{i * 7919 % 1009}} {{(i % 3 == 0 ? "lamp" : i % 3 == 1 ? "kettle" : "chair")}}","text":"revision {{revision}} word{{i % 97}} word{{i % 89}}"}""";

    private static HashSet<string> Ids(int revision) => [.. Enumerable.Range(0, Products).Select(i => $"r{revision}-{i}")];

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private string Source(int revision) => _folder.Write("source.jsonl", string.Concat(Enumerable.Range(0, Products).Select(i => Row(revision, i) + "\n")));

    private Process Start(string source)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "AiPlatform.Indexer.dll"), "reindex", "--source", source, "--mapping", _folder["map.yaml"], "--catalog", Catalog, "--data", _folder["data"],
            "--max-deleted", "100%", "--checkpoint", "100", "--json",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private async Task<JsonElement> RunAsync(string source)
    {
        using var process = Start(source);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.True(process.ExitCode == 0, await error);
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    /// <summary>Answers whether the process had ended by itself.</summary>
    private async Task<bool> KillAsync(string source, TimeSpan after)
    {
        using var process = Start(source);
        var read = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(after);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
            await read;
            return false;
        }
    }

    /// <summary>Asks all the time; every answer is of a whole generation.</summary>
    private async Task<int> SearchAsync(EmbeddedCatalog engine, CancellationToken stop)
    {
        var asked = 0;
        while (!stop.IsCancellationRequested)
        {
            var page = await engine.SearchAsync(_system, new ProductQuery { Catalog = Catalog, PageSize = 5 }, CancellationToken.None);
            Assert.Equal(Products, page.Total);
            Assert.Single(page.Hits.Select(h => h.Id.Split('-')[0]).Distinct());
            asked++;
            await Task.Delay(20, CancellationToken.None);
        }

        return asked;
    }

    private async Task<HashSet<string>> IdsAsync(EmbeddedCatalog engine)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var page = await engine.SearchAsync(_system, new ProductQuery { Catalog = Catalog, PageSize = 200, Cursor = cursor, IncludeProducts = false }, CancellationToken.None);
            Assert.All(page.Hits, h => Assert.True(ids.Add(h.Id), $"{h.Id} twice"));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return ids;
    }
}
