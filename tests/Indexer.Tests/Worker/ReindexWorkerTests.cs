using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Indexer.Worker;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Indexer.Tests.Worker;

/// <summary>The worker of a process: schedules, standing by, and what it does when its job is taken from it.</summary>
public sealed class ReindexWorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Schedule_IsFiredAndBooked()
    {
        using var fixture = new JobsFixture(settings: [("Catalogs:depot:Schedule", "* * * * * ?")]);
        var job = await UntilAsync(async () => (await fixture.Jobs.LatestAsync(fixture.Everything, JobsFixture.Depot, 50, default)).FirstOrDefault(j => j.State == ReindexJobState.Succeeded && !j.Unchanged));

        Assert.Equal((ReindexJobs.Schedule, 1L, false), (job.RequestedBy, job.Generation, job.Force));
        Assert.Empty(await fixture.Jobs.LatestAsync(fixture.Everything, JobsFixture.Shop, 50, default));
        Assert.Contains(fixture.Audit, a => a.StartsWith("system reindex for schedule: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FireOnce", 1)]
    [InlineData("Skip", 0)]
    public async Task Schedule_WhoseTimesPassedWithoutAWorker_IsDoneAsItsPolicySays(string misfire, int scheduled)
    {
        var now = DateTimeOffset.UtcNow;
        using var fixture = new JobsFixture(settings: [("Catalogs:depot:Schedule", $"{now.AddHours(-1).Minute} {now.AddHours(-1).Hour} * * *"), ("Catalogs:depot:Misfire", misfire)]);
        await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        await JobsFixture.StopAsync(fixture.Services);

        // Three of its times later, far from the next.
        var later = fixture.NewNode(TimeSpan.FromDays(3));
        JobsFixture.Start(later);
        var jobs = later.GetRequiredService<ReindexJobs>();
        if (scheduled > 0)
        {
            await UntilAsync(async () => (await jobs.LatestAsync(fixture.Everything, JobsFixture.Depot, 50, default)).FirstOrDefault(j => j.State == ReindexJobState.Succeeded));
        }

        // Whatever was to be made up for is done before an order.
        await JobsFixture.EndAsync((await jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Depot, Force: true), default)).Job);
        var all = await jobs.LatestAsync(fixture.Everything, JobsFixture.Depot, 50, default);
        Assert.Equal((scheduled, scheduled + 1), (all.Count(j => j.RequestedBy == ReindexJobs.Schedule), all.Length));
    }

    [Fact]
    public async Task Schedule_WhileAnEqualJobWaits_JoinsIt()
    {
        using var fixture = new JobsFixture();
        fixture.Gates.Gate = GatedStore.Begin;
        var changes = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop) { Mode = ReindexMode.Incremental }, default)).Job;
        await fixture.Gates.ReachedAsync();
        var full = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Job;

        // As the scheduler does when a time of the catalog has come.
        await fixture.Services.GetRequiredService<ReindexRunner>().RunScheduledAsync(JobsFixture.Shop, default);
        Assert.Equal([full.Id, changes.Id], (await fixture.Jobs.LatestAsync(fixture.Everything, JobsFixture.Shop, 50, default)).Select(j => j.Id));
        fixture.Gates.Open();
        Assert.Equal(ReindexJobState.Succeeded, (await JobsFixture.EndAsync(full)).State);
    }

    [Fact]
    public async Task SecondProcess_OnTheSameFolder_StandsByUntilTheFirstStops()
    {
        using var fixture = new JobsFixture();
        await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        var second = fixture.NewNode();
        JobsFixture.Start(second);
        await UntilAsync(() => Task.FromResult(fixture.Logged.Any(l => l.Event == 4031) ? "" : null));

        var jobs = second.GetRequiredService<ReindexJobs>();
        var ordered = await jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Depot), default);
        Assert.Equal(ReindexJobState.Succeeded, (await JobsFixture.EndAsync(ordered.Job)).State);
        var first = (await fixture.Jobs.LatestAsync(fixture.Everything, JobsFixture.Shop, 1, default)).Single().Worker;
        Assert.Equal(first, (await jobs.FindAsync(fixture.Everything, ordered.Job.Id, default))!.Worker);

        await JobsFixture.StopAsync(fixture.Services);
        var alone = await jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Depot, Force: true), default);
        Assert.NotEqual(first, (await JobsFixture.EndAsync(alone.Job)).Worker);
    }

    [Fact]
    public async Task Job_ThatIsAnothersNow_IsStoppedAndNotBooked()
    {
        using var fixture = new JobsFixture();
        fixture.Gates.Gate = GatedStore.Put;
        var run = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Job;
        await fixture.Gates.ReachedAsync();
        var store = fixture.Services.GetRequiredService<IReindexJobStore>();

        // As another worker does when this one was not heard of for longer than its lease.
        Assert.NotNull(await store.ClaimAsync(fixture.Index.System, run.Id, "elsewhere", TimeSpan.FromMinutes(-1), default));
        await UntilAsync(() => Task.FromResult(fixture.Logged.Any(l => l.Event == 4021) ? "" : null));
        await UntilAsync(async () => fixture.Services.GetRequiredService<LocalJobs>().Find(run.Id) is null ? await store.FindAsync(fixture.Index.System, run.Id, default) : null);

        Assert.Equal(("running", "elsewhere", 2), await store.FindAsync(fixture.Index.System, run.Id, default) is { } job ? (job.State, job.Owner, job.Attempts) : default);
        Assert.Equal(0, await fixture.Index.LiveAsync(JobsFixture.Shop));
    }

    [Fact]
    public async Task Cancel_OnAnotherNode_ReachesTheWorkerThroughTheDatabase()
    {
        using var fixture = new JobsFixture();
        fixture.Gates.Gate = GatedStore.Put;
        var run = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Job;
        await fixture.Gates.ReachedAsync();
        var elsewhere = fixture.NewNode().GetRequiredService<ReindexJobs>();
        Assert.Equal(ReindexJobState.Running, (await elsewhere.FindAsync(fixture.Everything, run.Id, default))!.State);

        var seen = await (await elsewhere.CancelAsync(fixture.Caller("everything", "key-9"), run.Id, default))!.WaitAsync(Patience, default);

        Assert.Equal((ReindexJobState.Cancelled, "key-9"), (seen.State, seen.CancelledBy));
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
