using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Tests.Support;
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
