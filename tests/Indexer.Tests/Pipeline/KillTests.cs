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

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>
/// A real process reindexes parts of a real catalog (a judged one where present, else the sample) and is killed, or its engine is, at seeded random points. After each the live
/// generation is the old or the new one, whole; searches were answered throughout; a further run goes on and ends with what the source has. Variables: AIPLATFORM_KILL_POINTS
/// (default 6, with a cluster 3), AIPLATFORM_KILL_PRODUCTS (default 1500), AIPLATFORM_KILL_SEED (default 1), AIPLATFORM_KILL_LOG (a file that is told of each point). tests/soak.sh
/// kills at 200.
/// </summary>
#pragma warning disable CA1001 // closed by DisposeAsync, which xunit calls through IAsyncLifetime
public abstract class KillTests : IAsyncLifetime
#pragma warning restore CA1001
{
    protected const string Catalog = "killed";
    private static readonly int Products = Number("AIPLATFORM_KILL_PRODUCTS", 1_500);
    private static readonly int Seed = Number("AIPLATFORM_KILL_SEED", 1);

    private readonly TemporaryFolder _folder = new();
    private readonly string _mapping = Repository.Mapping(Repository.Judged("icecat135") is null ? "sample" : "icecat135");
    private readonly List<(string Id, string Row)> _rows = [];
    private readonly List<HashSet<string>> _revisions = [];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Sees everything.</summary>
    protected AccessScope System { get; } = new AccessScope.Issuer(() => AccessPolicy.Empty, new RecordingAudit()).IssueSystem("tests", "reads everything");

    /// <summary>The data folder of the killed processes.</summary>
    protected string Data => _folder["data"];

    protected abstract ICatalogIndex Index { get; }

    protected abstract ICatalogStore Store { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Settings of the killed processes.</summary>
    protected abstract IEnumerable<(string Name, string Value)> Settings();

    /// <summary>What is killed at a point, and when: a share, 0 to 1, of a whole run's time or of its checkpoints.</summary>
    /// <param name="point">Number of the point.</param>
    /// <param name="share">The share.</param>
    /// <param name="took">Time of a whole run.</param>
    /// <param name="products">Products of the run.</param>
    protected abstract KillPoint At(int point, double share, TimeSpan took, int products);

    protected async Task KillAtAsync(int points)
    {
        var random = new Random(Seed);
        await ReadRowsAsync();
        await RunAsync(Source(0));
        var whole = Stopwatch.GetTimestamp();
        await RunAsync(Source(1));
        var took = Stopwatch.GetElapsedTime(whole);
        using var stop = new CancellationTokenSource();
        var searching = Task.Run(() => SearchAsync(stop.Token));
        var (killed, resumed) = (0, 0);
        for (var point = 0; point < points; point++)
        {
            var source = Source(point + 2);
            var (old, next) = (_revisions[point + 1], _revisions[point + 2]);
            var ended = await KillAsync(source, At(point, random.NextDouble(), took, next.Count));
            var found = await IdsAsync();
            var where = string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, point {point}, killed {!ended}");
            Assert.True(found.SetEquals(old) || found.SetEquals(next), $"{where}: {found.Count} products, neither the old nor the new generation");
            killed += ended ? 0 : 1;
            var report = await RunAsync(source);
            Assert.True((await IdsAsync()).SetEquals(next), where);
            Assert.Empty(await Store.VerifyAsync(System, Catalog, CancellationToken.None));
            Tell($"{where}, found the {(found.SetEquals(old) ? "old" : "new")} generation, resumed {report.GetProperty("resumed")}, put {report.GetProperty("put")} of {next.Count}");
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
        Assert.True(resumed > 0 || points < 6, $"of {killed} killed runs none went on from a checkpoint");
    }

    /// <summary>A line for whoever watches a long run.</summary>
    private void Tell(string line)
    {
        if (Environment.GetEnvironmentVariable("AIPLATFORM_KILL_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, $"{DateTimeOffset.UtcNow:HH:mm:ss} {GetType().Name}: {line}\n");
        }
    }

    /// <summary>A number of the environment.</summary>
    protected static int Number(string variable, int otherwise) =>
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
                if (problems.Count == 0 && JsonRow.Parse(row.Raw.Span).Fault is null && seen.Add(product.Id))
                {
                    _rows.Add((product.Id, Encoding.UTF8.GetString(row.Raw.Span)));
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

    /// <summary>When a time is over.</summary>
    protected static Func<bool> After(TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        return () => Stopwatch.GetElapsedTime(began) >= time;
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

        foreach (var (name, value) in Settings())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs to the end. A killed run may hold its catalog until its lease is over.</summary>
    private async Task<JsonElement> RunAsync(string source)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var process = Start(source);
            var (exit, output, error) = await EndAsync(process);
            if (exit == 0)
            {
                return JsonDocument.Parse(output).RootElement.Clone();
            }

            Assert.True(error.Contains("is being indexed", StringComparison.Ordinal) && Stopwatch.GetElapsedTime(began) < Patience, error);
        }
    }

    private static async Task<(int Exit, string Output, string Error)> EndAsync(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, output, await error);
    }

    /// <summary>Answers whether the process ended by itself.</summary>
    private async Task<bool> KillAsync(string source, KillPoint point)
    {
        using var process = Start(source);
        var end = EndAsync(process);
        while (!process.HasExited && !point.IsReached())
        {
            await Task.Delay(1);
        }

        var ended = process.HasExited;
        if (point.KillEngineAsync is { } killEngine)
        {
            await killEngine();
            var (exit, _, error) = await end;
            Assert.True(exit == 0, $"the run did not outlive its engine: {error}");
            return ended;
        }

        process.Kill();
        await end;
        return ended;
    }

    /// <summary>Whether a search may fail now, because its engine was killed.</summary>
    protected virtual bool MayFail(Exception failure) => false;

    /// <summary>Asks all the time; every answer is of a whole generation.</summary>
    private async Task<int> SearchAsync(CancellationToken stop)
    {
        var asked = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var page = await Index.SearchAsync(System, new ProductQuery { Catalog = Catalog, PageSize = 5 }, CancellationToken.None);
                lock (_revisions)
                {
                    Assert.Contains(_revisions, r => r.Count == page.Total && page.Hits.All(h => r.Contains(h.Id)));
                }

                asked++;
            }
            catch (Exception failure) when (MayFail(failure))
            {
                // The engine is on its way back.
            }

            await Task.Delay(20, CancellationToken.None);
        }

        return asked;
    }

    private async Task<HashSet<string>> IdsAsync()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        string? cursor = null;
        do
        {
            var page = await Index.SearchAsync(System, new ProductQuery { Catalog = Catalog, PageSize = 200, Cursor = cursor, IncludeProducts = false }, CancellationToken.None);
            Assert.All(page.Hits, h => Assert.True(ids.Add(h.Id), $"{h.Id} twice"));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return ids;
    }
}
