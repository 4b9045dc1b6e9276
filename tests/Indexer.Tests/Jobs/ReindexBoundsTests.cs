using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Indexer.Tests.Jobs;

/// <summary>How many jobs run, wait and are remembered, and what a stop of the server does to them.</summary>
public sealed class ReindexBoundsTests
{
    [Fact]
    public async Task Start_BeyondTheBounds_IsRefused()
    {
        using var fixture = new JobsFixture(o => (o.MaxRunning, o.MaxQueued) = (1, 1));
        fixture.Gates.Gate = GatedStore.Begin;
        var running = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Job;
        await fixture.Gates.ReachedAsync();
        var waiting = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Depot), default)).Job;
        var refused = await Assert.ThrowsAsync<ReindexRequestException>(() => fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Outlet), default).AsTask());

        Assert.Equal(("too_many_jobs", true), (refused.Code, refused.IsRetryable));
        Assert.Equal((ReindexJobState.Running, ReindexJobState.Queued), (running.Look().State, waiting.Look().State));
        Assert.True((await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Depot), default)) is { Started: false, AlreadyRunning: true });
        fixture.Gates.Open();
        Assert.Equal(ReindexJobState.Succeeded, (await JobsFixture.EndAsync(waiting)).State);
        Assert.True((await JobsFixture.EndAsync(running)).EndedAt <= waiting.Look().StartedAt);
        Assert.Equal(ReindexJobState.Succeeded, (await fixture.RunAsync(new ReindexOrder(JobsFixture.Outlet))).State);
    }

    [Fact]
    public async Task Start_OfOtherOptions_WaitsBehindAndNothingIsSwallowed()
    {
        using var fixture = new JobsFixture();
        await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        fixture.Write(JobsFixture.Shop, Enumerable.Range(0, 31));
        fixture.Gates.Gate = GatedStore.Begin;
        var changes = new ReindexOrder(JobsFixture.Shop) { Mode = ReindexMode.Incremental };
        var running = (await fixture.Jobs.StartAsync(fixture.Everything, changes, default)).Job;
        await fixture.Gates.ReachedAsync();
        var orders = new[] { changes, new ReindexOrder(JobsFixture.Shop, DryRun: true), new ReindexOrder(JobsFixture.Shop, Force: true), changes with { Overrides = changes.Overrides.Add("rejected", "the season is over") } };
        var jobs = new List<ReindexRun> { running };
        foreach (var order in orders)
        {
            var start = await fixture.Jobs.StartAsync(fixture.Everything, order, default);
            Assert.Equal((true, false, ReindexJobState.Queued), (start.Started, start.AlreadyRunning, start.Job.Look().State));
            Assert.Equal((start.Job.Id, false, true), await fixture.Jobs.StartAsync(fixture.Everything, order, default) is { } again ? (again.Job.Id, again.Started, again.AlreadyRunning) : default);
            jobs.Add(start.Job);
        }

        fixture.Gates.Open();
        var ended = new List<ReindexJobInfo>();
        foreach (var job in jobs)
        {
            ended.Add(await JobsFixture.EndAsync(job));
        }

        Assert.All(ended, j => Assert.Equal((ReindexJobState.Succeeded, 1), (j.State, j.Attempts)));
        Assert.All(ended.Zip(ended.Skip(1)), pair => Assert.True(pair.First.EndedAt <= pair.Second.StartedAt, $"{pair.First.EndedAt:O} {pair.Second.StartedAt:O}"));
        Assert.Equal(orders.Select(o => (o.Mode, o.DryRun, o.Force, o.Overrides.Count)), ended.Skip(1).Select(j => (j.Mode, j.DryRun, j.Force, j.Overrides.Count)));
    }

    [Fact]
    public async Task Start_WhileOneIsBeingCancelled_WaitsBehindIt()
    {
        using var fixture = new JobsFixture();
        fixture.Gates.Gate = GatedStore.Begin;
        var first = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Job;
        await fixture.Gates.ReachedAsync();
        await fixture.Jobs.CancelAsync(fixture.Everything, first.Id, default);
        var second = await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default);
        fixture.Gates.Open();

        Assert.True(second.Started);
        Assert.Equal(ReindexJobState.Succeeded, (await JobsFixture.EndAsync(second.Job)).State);
        Assert.Equal(ReindexJobState.Cancelled, (await JobsFixture.EndAsync(first)).State);
    }

    [Fact]
    public async Task Start_WithinTheBounds_RunsCatalogsBesideEachOther()
    {
        using var fixture = new JobsFixture();
        fixture.Gates.Gate = GatedStore.Begin;
        var jobs = await StartAsync(fixture, JobsFixture.Shop, JobsFixture.Depot);
        await fixture.Gates.ReachedAsync();
        await fixture.Gates.ReachedAsync();

        Assert.All(jobs, j => Assert.Equal(ReindexJobState.Running, j.Look().State));
    }

    [Fact]
    public async Task Cancel_Waiting_EndsAtOnceAndMakesRoom()
    {
        using var fixture = new JobsFixture(o => (o.MaxRunning, o.MaxQueued) = (1, 1));
        fixture.Gates.Gate = GatedStore.Begin;
        await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default);
        await fixture.Gates.ReachedAsync();
        var waiting = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Depot), default)).Job;
        await fixture.Jobs.CancelAsync(fixture.Everything, waiting.Id, default);
        var ended = await waiting.WaitAsync(TimeSpan.Zero, default);

        Assert.Equal((ReindexJobState.Cancelled, null, "key-7"), (ended.State, ended.StartedAt, ended.CancelledBy));
        Assert.True((await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Outlet), default)).Started);
        Assert.True((await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Outlet), default)).AlreadyRunning);
    }

    [Fact]
    public async Task History_ForgetsWhatEndedFirst()
    {
        using var fixture = new JobsFixture(o => o.MaxEnded = 3);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop, DryRun: true, IdempotencyKey: $"k{i}"))).Id);
        }

        Assert.Equal(ids.TakeLast(3).Reverse(), (await fixture.Jobs.LatestAsync(fixture.Everything, JobsFixture.Shop, 10, default)).Select(j => j.Id));
        Assert.Equal(ids[^1], Assert.Single(await fixture.Jobs.LatestAsync(fixture.Everything, JobsFixture.Shop, 1, default)).Id);
        Assert.Null(await fixture.Jobs.FindAsync(fixture.Everything, ids[0], default));
        Assert.NotNull(await fixture.Jobs.FindAsync(fixture.Everything, ids[4], default));
        Assert.True((await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop, DryRun: true, IdempotencyKey: "k0"), default)).Started);
    }

    [Fact]
    public async Task IdempotencyKey_Again_IsTheSameJob()
    {
        using var fixture = new JobsFixture();
        var order = new ReindexOrder(JobsFixture.Shop, IdempotencyKey: "monday");
        var first = await fixture.RunAsync(order);
        var again = await fixture.Jobs.StartAsync(fixture.Everything, order, default);
        var conflict = await Assert.ThrowsAsync<ReindexRequestException>(() => fixture.Jobs.StartAsync(fixture.Everything, order with { Force = true }, default).AsTask());

        Assert.Equal((first.Id, false, false), (again.Job.Look().Id, again.Started, again.AlreadyRunning));
        Assert.Equal("idempotency_conflict", conflict.Code);
        Assert.NotEqual(first.Id, (await fixture.RunAsync(order, fixture.Caller("everything", "key-8"))).Id);
        Assert.NotEqual(first.Id, (await fixture.RunAsync(order with { Catalog = JobsFixture.Depot })).Id);
        Assert.NotEqual(first.Id, (await fixture.RunAsync(order with { IdempotencyKey = "tuesday" })).Id);
        Assert.NotEqual(first.Id, (await fixture.RunAsync(order with { IdempotencyKey = null })).Id);
    }

    [Fact]
    public async Task IdempotencyKey_AnsweredWithARunningJob_StaysWithThatJob()
    {
        using var fixture = new JobsFixture();
        fixture.Gates.Gate = GatedStore.Begin;
        var running = (await fixture.Jobs.StartAsync(fixture.Caller("everything", "key-1"), new ReindexOrder(JobsFixture.Shop), default)).Job;
        var order = new ReindexOrder(JobsFixture.Shop, IdempotencyKey: "k");
        Assert.Equal(running.Id, (await fixture.Jobs.StartAsync(fixture.Everything, order, default)).Job.Id);
        fixture.Gates.Open();
        await JobsFixture.EndAsync(running);

        Assert.Equal(running.Id, (await fixture.Jobs.StartAsync(fixture.Everything, order, default)).Job.Id);
    }

    [Fact]
    public async Task Stopping_PutsJobsDownAndAnotherWorkerGoesOn()
    {
        using var fixture = new JobsFixture(o => (o.MaxRunning, o.MaxQueued) = (1, 4));
        await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        fixture.Write(JobsFixture.Shop, Enumerable.Range(0, 31));
        fixture.Gates.Gate = GatedStore.Put;
        var jobs = await StartAsync(fixture, JobsFixture.Shop, JobsFixture.Depot, JobsFixture.Outlet);
        await fixture.Gates.ReachedAsync();
        var waiting = jobs[0].WaitAsync(Timeout.InfiniteTimeSpan, default).AsTask();

        await JobsFixture.StopAsync(fixture.Services).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((ReindexJobState.Queued, "interrupted; waits for a worker to go on", null), await waiting.WaitAsync(TimeSpan.FromSeconds(10)) is var job ? (job.State, job.Activity, job.CancelledBy) : default);
        Assert.True(jobs[0].IsGivenUp);
        Assert.Equal("server_stopping", (await Assert.ThrowsAsync<ReindexRequestException>(() => fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default).AsTask())).Code);
        Assert.Equal(1, await fixture.Index.LiveAsync(JobsFixture.Shop));

        fixture.Gates.Open();
        var next = fixture.NewNode();
        JobsFixture.Start(next);
        foreach (var (catalog, attempts) in ((string, int)[])[(JobsFixture.Shop, 2), (JobsFixture.Depot, 1), (JobsFixture.Outlet, 1)])
        {
            var ended = await EndedAsync(next, fixture, jobs.Single(j => j.Look().Catalog == catalog).Id);
            Assert.Equal((ReindexJobState.Succeeded, attempts, "key-7"), (ended.State, ended.Attempts, ended.RequestedBy));
        }

        Assert.Equal(2, await fixture.Index.LiveAsync(JobsFixture.Shop));
        Assert.Equal(31, (await fixture.Index.IdsAsync(JobsFixture.Shop)).Count);
    }

    private static async Task<List<ReindexRun>> StartAsync(JobsFixture fixture, params string[] catalogs)
    {
        var jobs = new List<ReindexRun>();
        foreach (var catalog in catalogs)
        {
            jobs.Add((await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(catalog), default)).Job);
        }

        return jobs;
    }

    private static async Task<ReindexJobInfo> EndedAsync(ServiceProvider node, JobsFixture fixture, string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await node.GetRequiredService<ReindexJobs>().FindAsync(fixture.Everything, id, patience.Token) is { HasEnded: true } job)
            {
                return job;
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
