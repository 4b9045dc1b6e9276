using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Jobs;

/// <summary>How many jobs run, wait and are remembered, and what a stop of the server does to them.</summary>
public sealed class ReindexBoundsTests
{
    [Fact]
    public async Task Start_BeyondTheBounds_IsRefused()
    {
        using var fixture = new JobsFixture(o => (o.MaxRunning, o.MaxQueued) = (1, 1));
        fixture.Gates.Gate = GatedStore.Begin;
        var running = fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Shop)).Job;
        var waiting = fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Depot)).Job;
        var refused = Assert.Throws<ReindexRequestException>(() => fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Outlet)));

        Assert.Equal(("too_many_jobs", true), (refused.Code, refused.IsRetryable));
        Assert.Equal((ReindexJobState.Running, ReindexJobState.Queued), (running.Look().State, waiting.Look().State));
        Assert.True(fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Depot)) is { Started: false, AlreadyRunning: true });
        fixture.Gates.Open();
        Assert.Equal(ReindexJobState.Succeeded, (await JobsFixture.EndAsync(waiting)).State);
        Assert.True(running.Look().EndedAt <= waiting.Look().StartedAt);
        Assert.Equal(ReindexJobState.Succeeded, (await fixture.RunAsync(new ReindexOrder(JobsFixture.Outlet))).State);
    }

    [Fact]
    public async Task Start_WithinTheBounds_RunsCatalogsBesideEachOther()
    {
        using var fixture = new JobsFixture();
        fixture.Gates.Gate = GatedStore.Begin;
        var jobs = ((string[])[JobsFixture.Shop, JobsFixture.Depot]).Select(c => fixture.Jobs.Start(fixture.Everything, new ReindexOrder(c)).Job).ToList();
        await fixture.Gates.ReachedAsync();
        await fixture.Gates.ReachedAsync();

        Assert.All(jobs, j => Assert.Equal(ReindexJobState.Running, j.Look().State));
    }

    [Fact]
    public async Task Cancel_Waiting_EndsAtOnceAndMakesRoom()
    {
        using var fixture = new JobsFixture(o => (o.MaxRunning, o.MaxQueued) = (1, 1));
        fixture.Gates.Gate = GatedStore.Begin;
        fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Shop));
        var waiting = fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Depot)).Job;
        await fixture.Jobs.CancelAsync(fixture.Everything, waiting.Look().Id, default);

        Assert.True(waiting.Ended.IsCompleted);
        Assert.Equal((ReindexJobState.Cancelled, null, "key-7"), (waiting.Look().State, waiting.Look().StartedAt, waiting.Look().CancelledBy));
        Assert.True(fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Outlet)).Started);
        Assert.True(fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Outlet)).AlreadyRunning);
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
        Assert.True(fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Shop, DryRun: true, IdempotencyKey: "k0")).Started);
    }

    [Fact]
    public async Task IdempotencyKey_Again_IsTheSameJob()
    {
        using var fixture = new JobsFixture();
        var order = new ReindexOrder(JobsFixture.Shop, IdempotencyKey: "monday");
        var first = await fixture.RunAsync(order);
        var again = fixture.Jobs.Start(fixture.Everything, order);
        var conflict = Assert.Throws<ReindexRequestException>(() => fixture.Jobs.Start(fixture.Everything, order with { Force = true }));

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
        var running = fixture.Jobs.Start(fixture.Caller("everything", "key-1"), new ReindexOrder(JobsFixture.Shop)).Job;
        var order = new ReindexOrder(JobsFixture.Shop, IdempotencyKey: "k");
        Assert.Same(running, fixture.Jobs.Start(fixture.Everything, order).Job);
        fixture.Gates.Open();
        await JobsFixture.EndAsync(running);

        Assert.Same(running, fixture.Jobs.Start(fixture.Everything, order).Job);
    }

    [Fact]
    public async Task Stopping_CancelsEverythingAndStartsNothingMore()
    {
        using var fixture = new JobsFixture(o => (o.MaxRunning, o.MaxQueued) = (1, 4));
        await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        fixture.Gates.Gate = GatedStore.Begin;
        var jobs = ((string[])[JobsFixture.Shop, JobsFixture.Depot, JobsFixture.Outlet]).Select(c => fixture.Jobs.Start(fixture.Everything, new ReindexOrder(c)).Job).ToList();
        await fixture.Gates.ReachedAsync();

        await fixture.Jobs.StoppingAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.All(jobs, j => Assert.Equal((ReindexJobState.Cancelled, ReindexJobs.ServerStop), (j.Look().State, j.Look().CancelledBy)));
        Assert.Equal("server_stopping", Assert.Throws<ReindexRequestException>(() => fixture.Jobs.Start(fixture.Everything, new ReindexOrder(JobsFixture.Shop))).Code);
        Assert.Equal(1, await fixture.Index.LiveAsync(JobsFixture.Shop));
    }
}
