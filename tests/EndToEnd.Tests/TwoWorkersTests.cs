using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Contracts.Tests.Keys;
using Npgsql;
using Xunit;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>Two workers on one PostgreSQL, as processes: what one of them leaves undone the other does, once.</summary>
[Collection(PostgresServer.Collection)]
public sealed class TwoWorkersTests(PostgresServer postgres) : IAsyncLifetime
{
    private const int Products = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("aip-workers-").FullName;
    private readonly List<WorkerProcess> _workers = [];
    private Dictionary<string, string> _settings = [];
    private string _connection = "";

    public async Task InitializeAsync()
    {
        if (postgres.Missing is not null)
        {
            return;
        }

        _connection = await postgres.NewDatabaseAsync();
        var source = Path.Combine(_folder, "shop.jsonl");
        var mapping = Path.Combine(_folder, "shop.yaml");
        await File.WriteAllLinesAsync(source, Enumerable.Range(0, Products).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{"id":"p{{i}}","name":"Garden lamp number {{i}} of series {{i % 97}}","text":"A lamp of {{i % 13}} watts for garden {{i % 41}} and terrace {{i % 29}}"}""")));
        await File.WriteAllTextAsync(mapping, "fields:\n  id: id\n  name: name\n  description: text\n  accessLevel: { constant: public }\n  allowedGroups: { constant: [everyone] }\n");
        _settings = new Dictionary<string, string>
        {
            ["Storage__Provider"] = "postgres",
            ["Storage__ConnectionString"] = _connection,
            ["AIPLATFORM_KEY_PEPPER"] = new string('a', 64),
            ["Catalogs__shop__Source"] = source,
            ["Catalogs__shop__Mapping"] = mapping,
        };
    }

    public async Task DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Worker_EndsInTheMiddleOfAJob_TheOtherGoesOnWithIt(bool killed)
    {
        Skip.If(postgres.Missing is not null, postgres.Missing);
        await StartAsync("w1", "w2");
        var id = JsonDocument.Parse(await CommandAsync("jobs", "start", "--catalog", "shop", "--json")).RootElement.GetProperty("id").GetString()!;
        var (first, _) = await SeenAsync(id, job => job.State == "running" && job.Progress is not null);
        var owner = _workers.Single(w => first.Owner!.StartsWith(w.Name + "-", StringComparison.Ordinal));
        var clock = Stopwatch.StartNew();
        if (killed)
        {
            await owner.KillAsync();
        }
        else
        {
            var (exitCode, took) = await owner.StopAsync();
            Assert.Equal(0, exitCode);
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }

        var (second, _) = await SeenAsync(id, job => job.Attempts == 2);
        var takenOver = clock.Elapsed;
        var (ended, _) = await SeenAsync(id, job => job.State is not ("queued" or "running"));

        Assert.Equal(("succeeded", 2), (ended.State, ended.Attempts));
        Assert.NotEqual(first.Owner, second.Owner);
        Assert.StartsWith(_workers.Single(w => w != owner).Name + "-", ended.Owner, StringComparison.Ordinal);

        // 15 s when the machine has nothing else to do; tests run beside others.
        Assert.InRange(takenOver, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        using var generations = JsonDocument.Parse(await CommandAsync("generations", "--catalog", "shop", "--json"));
        var live = Assert.Single(generations.RootElement.GetProperty("generations").EnumerateArray());
        Assert.Equal(Products, live.GetProperty("products").GetInt32());
        using var history = JsonDocument.Parse(await CommandAsync("jobs", "list", "--json"));
        var told = Assert.Single(history.RootElement.GetProperty("jobs").EnumerateArray());
        Assert.Equal((Products, 2), (told.GetProperty("counts").GetProperty("accepted").GetInt32(), told.GetProperty("attempts").GetInt32()));
    }

    [SkippableFact]
    public async Task Schedule_IsFiredOnceByTwoWorkers()
    {
        Skip.If(postgres.Missing is not null, postgres.Missing);
        _settings["Catalogs__shop__Schedule"] = "0/20 * * * * ?";
        await StartAsync("w1", "w2");
        using var patience = new CancellationTokenSource(Patience);
        var jobs = new List<DateTimeOffset>();
        while (jobs.Count < 2)
        {
            await Task.Delay(500, patience.Token);
            jobs.Clear();
            await using var connection = new NpgsqlConnection(_connection);
            await connection.OpenAsync(patience.Token);
            await using var command = new NpgsqlCommand("SELECT requested_at FROM reindex_jobs WHERE requested_by = 'schedule' AND state = 'succeeded' ORDER BY requested_at", connection);
            try
            {
                await using var rows = await command.ExecuteReaderAsync(patience.Token);
                while (await rows.ReadAsync(patience.Token))
                {
                    jobs.Add(DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(0)));
                }
            }
            catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                // The workers have not made their tables yet.
            }
        }

        Assert.All(jobs.Zip(jobs.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromSeconds(5), string.Join(' ', jobs)));
    }

    private async Task StartAsync(params string[] names)
    {
        _workers.AddRange(names.Select(name => WorkerProcess.Start(_folder, name, _settings)));
        using var patience = new CancellationTokenSource(Patience);
        while (!_workers.TrueForAll(w => w.Log.Contains("is at work", StringComparison.Ordinal)))
        {
            await Task.Delay(100, patience.Token);
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

    /// <summary>The job as the database has it, once it is as wanted.</summary>
    private async Task<(Job Job, TimeSpan Took)> SeenAsync(string id, Func<Job, bool> wanted)
    {
        var clock = Stopwatch.StartNew();
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT state, owner, attempts, progress, outcome FROM reindex_jobs WHERE id = $1", connection);
        command.Parameters.AddWithValue(id);
        while (true)
        {
            await using (var row = await command.ExecuteReaderAsync())
            {
                Assert.True(await row.ReadAsync());
                var job = new Job(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetString(3));
                if (wanted(job))
                {
                    return (job, clock.Elapsed);
                }

                var over = job.State is not ("queued" or "running") || clock.Elapsed > Patience;
                Assert.False(over, $"{job} {(row.IsDBNull(4) ? "" : row.GetString(4))}\n{string.Join("\n\n", _workers.Select(w => w.Name + ": " + w.Log))}");
            }

            await Task.Delay(50);
        }
    }

    private sealed record Job(string State, string? Owner, long Attempts, string? Progress);
}
