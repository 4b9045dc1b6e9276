using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Indexer.Validation;
using AiPlatform.Search.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>
/// A real process reindexes parts of a real catalog (a judged one where present, else the sample) and is killed at seeded random points: after a time, or when its checkpoints
/// have come to a size. Variables: AIPLATFORM_KILL_POINTS (default 6), AIPLATFORM_KILL_PRODUCTS (default 1500), AIPLATFORM_KILL_SEED (default 1). tests/soak.sh kills at 200.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const string Catalog = "killed";
    private static readonly int Points = Number("AIPLATFORM_KILL_POINTS", 6);
    private static readonly int Products = Number("AIPLATFORM_KILL_PRODUCTS", 1_500);
    private static readonly int Seed = Number("AIPLATFORM_KILL_SEED", 1);

    private readonly TemporaryFolder _folder = new();
    private readonly string _mapping = Repository.Mapping(Repository.Judged("icecat135") is null ? "sample" : "icecat135");
    private readonly List<(string Id, string Row)> _rows = [];
    private readonly List<HashSet<string>> _revisions = [];
    private readonly AccessScope _system = new AccessScope.Issuer(() => AccessPolicy.Empty, new RecordingAudit()).IssueSystem("tests", "reads everything");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reindex_KilledAnywhere_LosesAndDoublesNothingAndGoesOn()
    {
        var random = new Random(Seed);
        await ReadRowsAsync();
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
            var source = Source(point + 2);
            var (old, next) = (_revisions[point + 1], _revisions[point + 2]);
            var when = random.NextDouble();
            var ended = await KillAsync(source, point % 2 == 0 ? When(took * (.15 + (.85 * when))) : When(when * 400 * next.Count));
            var found = await IdsAsync(engine);
            var where = string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, point {point}, killed {!ended}");
            Assert.True(found.SetEquals(old) || found.SetEquals(next), $"{where}: {found.Count} products, neither the old nor the new generation");
            killed += ended ? 0 : 1;
            var report = await RunAsync(source);
            Assert.True((await IdsAsync(engine)).SetEquals(next), where);
            Assert.Empty(await engine.VerifyAsync(_system, Catalog, CancellationToken.None));
            if (report.GetProperty("resumed").GetInt64() is > 0 and var done)
            {
                resumed++;
                Assert.Equal(next.Count - done, report.GetProperty("put").GetInt64());
                Assert.True(report.GetProperty("embedded").GetInt64() < next.Count, where);
            }
        }

        await stop.CancelAsync();
        Assert.True(await searching > 0);
        Assert.True(killed > 0, "no run was killed before its end");
        Assert.True(resumed > 0 || Points < 6, $"of {killed} killed runs none went on from a checkpoint");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>The rows of the catalog that become products, each id once.</summary>
    private async Task ReadRowsAsync()
    {
        var mapping = await MappingReader.ReadAsync(_mapping, CancellationToken.None);
        var mapper = new ProductMapper(mapping);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = SourceReaders.Open(Repository.Judged("icecat135") ?? Repository.Sample, mapping.Source);
        await foreach (var row in reader.ReadAsync(CancellationToken.None))
        {
            var problems = new List<RowProblem>();
            if (mapper.Map(row.Value!, problems) is { } product)
            {
                ProductValidator.Validate(product, problems);
                if (problems.Count == 0 && JsonRow.Parse(Encoding.UTF8.GetBytes(row.Raw())).Fault is null && seen.Add(product.Id))
                {
                    _rows.Add((product.Id, row.Raw()));
                }
            }
        }
    }

    /// <summary>Another part of the catalog in every revision; neighbours share a third, so that much is new and some is kept.</summary>
    private string Source(int revision)
    {
        var count = Math.Min(Products, _rows.Count / 2);
        var rows = Enumerable.Range(0, count).Select(i => _rows[((revision * count * 2 / 3) + i) % _rows.Count]).ToArray();
        lock (_revisions)
        {
            Assert.Equal(revision, _revisions.Count);
            _revisions.Add([.. rows.Select(r => r.Id)]);
        }

        return _folder.Write("source.jsonl", string.Concat(rows.Select(r => r.Row + "\n")));
    }

    private static Func<bool> When(TimeSpan after)
    {
        var began = Stopwatch.GetTimestamp();
        return () => Stopwatch.GetElapsedTime(began) >= after;
    }

    private Func<bool> When(double checkpointBytes)
    {
        var log = new FileInfo(_folder[$"data/catalogs/{Catalog}/build.log"]);
        return () =>
        {
            log.Refresh();
            return log.Exists && log.Length >= checkpointBytes;
        };
    }

    private Process Start(string source)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "AiPlatform.Indexer.dll"), "reindex", "--source", source, "--mapping", _mapping, "--catalog", Catalog, "--data", _folder["data"],
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
    private async Task<bool> KillAsync(string source, Func<bool> when)
    {
        using var process = Start(source);
        var read = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (!process.HasExited && !when())
        {
            await Task.Delay(1);
        }

        var ended = process.HasExited;
        process.Kill();
        await process.WaitForExitAsync();
        await read;
        return ended;
    }

    /// <summary>Asks all the time; every answer is of a whole generation.</summary>
    private async Task<int> SearchAsync(EmbeddedCatalog engine, CancellationToken stop)
    {
        var asked = 0;
        while (!stop.IsCancellationRequested)
        {
            var page = await engine.SearchAsync(_system, new ProductQuery { Catalog = Catalog, PageSize = 5 }, CancellationToken.None);
            lock (_revisions)
            {
                Assert.Contains(_revisions, r => r.Count == page.Total && page.Hits.All(h => r.Contains(h.Id)));
            }

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
