using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Sources;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Tests.OpenSearch;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>Changes that arrive on one machine while another builds, over a real node.</summary>
#pragma warning disable CA1001 // closed by DisposeAsync, which xunit calls through IAsyncLifetime
public sealed class ClusterChangesTests(OpenSearchNode node) : IClassFixture<OpenSearchNode>, IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Deleting = IndexFixture.Yaml + "\ndeleted: { path: state, values: [gone] }\n";
    private const string Versioned = Deleting + "version: seq\n";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _prefix = OpenSearchNode.NewPrefix();
    private readonly List<ClusterMachine> _machines = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var machine in _machines)
        {
            await machine.DisposeAsync();
        }

        if (_machines.Count > 0)
        {
            using var http = new HttpClient();
            using var _ = await http.DeleteAsync($"{node.Url}/{_prefix}-*");
        }
    }

    [SkippableFact]
    public async Task Changes_FromAnotherMachine_AreInTheGenerationThatIsBeingBuilt_Once()
    {
        var (builder, other) = (Machine(), Machine());
        await builder.RunAsync(Versioned, Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var gated = new GatedStore(builder.Store) { Gate = GatedStore.Put };
        var full = Task.Run(() => builder.RunAsync(Versioned, Enumerable.Range(0, 40).Select(i => Row(i, 15, "dump")), store: gated));
        await gated.ReachedAsync();
        var waiting = await other.RunAsync(Versioned, [Row(1, 20, "during"), Row(2, 12, "late"), Gone(3, 20), Row(500, 1)], ReindexMode.Incremental);
        Assert.Equal(4, waiting.Waiting);
        Assert.Null(waiting.Generation);
        gated.Open();
        var report = await full;
        Assert.Equal((3, 40, 2L), (report.CaughtUp, report.Generation!.Products, report.Generation.Number));
        Assert.Equal(2, (await other.LiveAsync()).Number);
        Assert.Equal("during", (await other.GetAsync("p1"))!.Description);
        Assert.Equal("dump", (await other.GetAsync("p2"))!.Description);
        Assert.Null(await other.GetAsync("p3"));
        Assert.NotNull(await other.GetAsync("p500"));
        Assert.Null(await other.Journal.LastAsync(other.System, "test", default));
    }

    [SkippableFact]
    public async Task Changes_FromAnotherMachine_AfterTheBuildCaughtUp_AreAppliedBehindIt()
    {
        var (builder, other) = (Machine(), Machine());
        await builder.RunAsync(Versioned, Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var gated = new GatedStore(builder.Store) { Gate = GatedStore.Finish };
        var full = Task.Run(() => builder.RunAsync(Versioned, Enumerable.Range(0, 40).Select(i => Row(i, 15, "dump")), store: gated));
        await gated.ReachedAsync();
        Assert.Equal(2, (await other.RunAsync(Versioned, [Row(1, 20, "during"), Gone(3, 20)], ReindexMode.Incremental)).Waiting);
        gated.Open();
        Assert.Equal((0, 2L), ((await full).CaughtUp, (await full).Generation!.Number));
        Assert.Equal((3L, 39), ((await other.LiveAsync()).Number, (await other.LiveAsync()).Products));
        Assert.Equal("during", (await other.GetAsync("p1"))!.Description);
        Assert.Null(await other.GetAsync("p3"));
        Assert.Null(await other.Journal.LastAsync(other.System, "test", default));
    }

    [SkippableFact]
    public async Task FullRun_WhileAnotherMachineBuilds_IsToldSoAtItsNextSignOfLife()
    {
        var (builder, other) = (Machine(leaseSeconds: 24), Machine(leaseSeconds: 24));
        await using var held = await builder.Store.BeginBuildAsync(builder.System, new CatalogBuildRequest("test", "held", "english", "", 0), default);
        var began = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<CatalogBusyException>(() => other.RunAsync(Versioned, [Row(1, 1)]));

        // Not only when the lease of a dead one would be over.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 40);
    }

    [SkippableFact]
    public async Task BuilderThatIsKilledWithChangesWaiting_LosesNone_AndTheirOrderStays()
    {
        var (one, other) = (Machine(leaseSeconds: 6), Machine(leaseSeconds: 6));
        await one.RunAsync(Deleting, Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        await using var feed = await FeedServer.StartAsync();
        var killed = new TaskCompletionSource();
        feed.Instead = async (http, _) =>
        {
            // A source that goes on for ever: its reader holds the catalog.
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Row(0, 10) + "\n"));
            await http.Response.Body.FlushAsync();
            await killed.Task;
            return true;
        };
        using var builder = StartBuilder(feed.Url(), one.Folder);
        var output = builder.StandardOutput.ReadToEndAsync();
        var error = builder.StandardError.ReadToEndAsync();
        await HeldAsync(builder, error);
        Assert.Equal(2, (await other.RunAsync(Deleting, [Row(1, 0, "during"), Row(500, 0)], ReindexMode.Incremental)).Waiting);
        builder.Kill();
        await builder.WaitForExitAsync();
        killed.SetResult();
        await output;

        // The lease of the dead builder still runs: these wait behind the others, and when it is over somebody has to apply all of them.
        var report = await other.RunAsync(Deleting, [Gone(500, 0), Row(1, 0, "after"), Row(501, 0)], ReindexMode.Incremental);
        Assert.Equal((0, 31), (report.Waiting, report.Generation!.Products));
        Assert.Equal("after", (await one.GetAsync("p1"))!.Description);
        Assert.Null(await one.GetAsync("p500"));
        Assert.NotNull(await one.GetAsync("p501"));
        Assert.Null(await one.Journal.LastAsync(one.System, "test", default));
        Assert.Equal(2, (await one.LiveAsync()).Number);
        Assert.Empty(await one.Store.VerifyAsync(one.System, "test", default));
    }

    [SkippableFact]
    public async Task RunThatIsToldToStop_WhileItLooksOn_LeavesItsChangesWaiting()
    {
        var (builder, other) = (Machine(leaseSeconds: 600), Machine(leaseSeconds: 600));
        await builder.RunAsync(Versioned, Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var held = await builder.Store.BeginBuildAsync(builder.System, new CatalogBuildRequest("test", "held", "english", "", 0), default);
        using var stop = new CancellationTokenSource();
        var changes = Task.Run(() => other.RunAsync(Versioned, [Row(1, 20, "during")], ReindexMode.Incremental, cancellationToken: stop.Token));
        await UntilAsync(async () => await other.Journal.LastAsync(other.System, "test", default) is not null);
        await stop.CancelAsync();
        Assert.Equal(1, (await changes).Waiting);
        await held.DisposeAsync();
        await other.RunAsync(Versioned, [], ReindexMode.Incremental);
        Assert.Equal("during", (await builder.GetAsync("p1"))!.Description);
    }

    [SkippableFact]
    public async Task Run_ThatBeginsWhileTheClusterIsAway_WaitsForIt_AndSaysSo()
    {
        Skip.If(node.Missing is not null, node.Missing);
        await using var between = CuttingProxy.To(node.Url);
        Enumerable.Repeat(0, 10_000).ToList().ForEach(between.Cuts.Enqueue);
        var machine = Machine(leaseSeconds: 3, between.Url);
        var told = new Told { First = () => Task.Run(between.Cuts.Clear) };
        var report = await machine.RunAsync(Versioned, Enumerable.Range(0, 30).Select(i => Row(i, 10)), progress: told);
        Assert.Equal(30, report.Generation!.Products);
        Assert.Equal("waiting for the search engine, which is away", told.Words[0]);
    }

    [SkippableFact]
    public async Task Run_ThatBeginsWhileTheClusterIsAway_GivesUpInTime_OrWhenToldTo()
    {
        Skip.If(node.Missing is not null, node.Missing);
        await using var between = CuttingProxy.To(node.Url);
        Enumerable.Repeat(0, 10_000).ToList().ForEach(between.Cuts.Enqueue);
        var impatient = Machine(leaseSeconds: 3, between.Url, outageSeconds: 1);
        var gone = await Assert.ThrowsAnyAsync<CatalogEngineException>(() => impatient.RunAsync(Versioned, [Row(1, 10)]));
        Assert.Equal("opensearch_unavailable", gone.Code);
        var patient = Machine(leaseSeconds: 3, between.Url);
        using var stop = new CancellationTokenSource();
        var told = new Told { First = () => stop.CancelAsync() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.RunAsync(Versioned, [Row(1, 10)], progress: told, cancellationToken: stop.Token));
    }

    private static string Row(int i, long version, string text = "first") => $$"""{"id":"p{{i}}","name":"Product number {{i}} lamp","text":"{{text}}","price":{{i}},"seq":{{version}}}""";

    private static string Gone(int i, long version) => $$"""{"id":"p{{i}}","seq":{{version}},"state":"Gone"}""";

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        for (var began = Stopwatch.GetTimestamp(); !await isTrue();)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience);
            await Task.Delay(50);
        }
    }

    /// <summary>Looks on: whoever asked for the catalog to find out would stand in the builder's way, and pass for a sign of life.</summary>
    private async Task HeldAsync(Process builder, Task<string> error)
    {
        using var http = new HttpClient();
        await UntilAsync(async () =>
        {
            if (builder.HasExited)
            {
                Assert.Fail(await error);
            }

            using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{node.Url}/{_prefix}--meta/_doc/build.test")));
            return answer.RootElement.GetProperty("_source").GetProperty("state").GetProperty("owner").GetString() is { Length: > 0 };
        });
    }

    private ClusterMachine Machine(int leaseSeconds = 3, string? url = null, int outageSeconds = 300)
    {
        Skip.If(node.Missing is not null, node.Missing);
        var options = node.Options(_prefix);
        (options.LeaseSeconds, options.OutageSeconds) = (leaseSeconds, outageSeconds);
        if (url is not null)
        {
            options.Nodes[0] = url.TrimEnd('/');
        }

        var machine = new ClusterMachine(options);
        _machines.Add(machine);
        return machine;
    }

    /// <summary>What a command prints.</summary>
    private sealed class Told : IProgress<ReindexProgress>
    {
        private readonly ProgressPace _pace = new(TimeProvider.System);

        public Func<Task> First { get; init; } = () => Task.CompletedTask;

        public List<string> Words { get; } = [];

        public void Report(ReindexProgress value)
        {
            _pace.See(value);
            Words.Add(ProgressWords.Of(value, _pace));
            if (Words.Count == 1)
            {
                _ = First();
            }
        }
    }

    private Process StartBuilder(string source, TemporaryFolder folder)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
        [
            Path.Combine(AppContext.BaseDirectory, "AiPlatform.Indexer.dll"), "reindex", "--source", source, "--mapping", folder.Write("killed.yaml", Deleting), "--catalog", "test", "--data", folder["killed"],
        ])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("OpenSearch__Nodes__0", node.Url), ("OpenSearch__IndexPrefix", _prefix), ("OpenSearch__LeaseSeconds", "6"), ("OpenSearch__RequestTimeoutSeconds", "60"), ("Feeds__AllowInternal", "true"),
        ])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
