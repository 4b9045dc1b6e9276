using AiPlatform.Contracts.Tests.Keys;
using AiPlatform.Core.Access;
using AiPlatform.Storage;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AiPlatform.Contracts.Tests.Jobs;

/// <summary>What every <see cref="IReindexJobStore"/> must do. A subclass says how to get one on a fresh database.</summary>
public abstract class ReindexJobStoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly ManualTime _time = new(Start);
    private readonly TestScopes _scopes = new();
    private readonly List<ServiceProvider> _nodes = [];
    private IReindexJobStore? _store;
    private int _orders;

    private IReindexJobStore Store => _store ??= NewNode();

    private AccessScope System => _scopes.System;

    public abstract Task InitializeAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await CleanAsync();
    }

    /// <summary>Points the options at the fresh database of this test; skips where the database is absent.</summary>
    protected abstract void Configure(StorageOptions options);

    protected abstract Task CleanAsync();

    [SkippableFact]
    public async Task Order_First_WaitsAndIsSeenByEveryNode()
    {
        var answer = await Store.OrderAsync(System, Order("shop"), default);

        Assert.Equal(ReindexOrderOutcome.Started, answer.Outcome);
        var seen = await NewNode().FindAsync(System, answer.Job!.Id, default);
        Assert.Equal(answer.Job, seen);
        Assert.Equal(("shop", "queued", "key-7", "{}", Start, 0), (seen!.Catalog, seen.State, seen.RequestedBy, seen.Options, seen.RequestedAt, seen.Attempts));
        Assert.Equal(answer.Job.Id, Assert.Single(await Store.WaitingAsync(System, default)).Id);
        Assert.Null(await Store.FindAsync(System, "job_nosuch", default));
    }

    [SkippableFact]
    public async Task Order_WhileAnEqualOneWaits_JoinsIt_AndWhileItRunsOnlyIfItSaysSo()
    {
        var first = await OrderedAsync("shop");
        var joined = await Store.OrderAsync(System, Order("shop", by: "key-8"), default);
        await Store.ClaimAsync(System, first, "w1", Lease, default);
        var running = await Store.OrderAsync(System, Order("shop") with { JoinsRunning = true }, default);
        var behind = await Store.OrderAsync(System, Order("shop"), default);

        Assert.Equal((ReindexOrderOutcome.Joined, first), (joined.Outcome, joined.Job!.Id));
        Assert.Equal((ReindexOrderOutcome.Joined, first, "running"), (running.Outcome, running.Job!.Id, running.Job.State));
        Assert.Equal((ReindexOrderOutcome.Started, "queued"), (behind.Outcome, behind.Job!.State));
        Assert.NotEqual(first, behind.Job.Id);
        Assert.Equal((ReindexOrderOutcome.Joined, behind.Job.Id), await Store.OrderAsync(System, Order("shop"), default) is { } again ? (again.Outcome, again.Job!.Id) : default);
        await Store.EndAsync(System, first, "w1", new ReindexJobEnd("succeeded", null, "{}"), default);
        Assert.Equal(behind.Job.Id, (await Store.OrderAsync(System, Order("shop") with { JoinsRunning = true }, default)).Job!.Id);
    }

    [SkippableFact]
    public async Task Order_OfOtherOptions_WaitsBehindAndIsDoneInOrder()
    {
        var first = await RunningAsync("shop", "w1");
        var ids = new List<string>();
        foreach (var options in (string[])["""{"mode":"incremental"}""", """{"dryRun":true}""", """{"force":true}"""])
        {
            var answer = await Store.OrderAsync(System, Order("shop") with { Options = options, JoinsRunning = true }, default);
            Assert.Equal((ReindexOrderOutcome.Started, options), (answer.Outcome, answer.Job!.Options));
            ids.Add(answer.Job.Id);
        }

        foreach (var id in ids)
        {
            Assert.Empty(await Store.WaitingAsync(System, default));
            Assert.Null(await Store.ClaimAsync(System, id, "w2", Lease, default));
            await Store.EndAsync(System, first, "w1", new ReindexJobEnd("succeeded", null, "{}"), default);
            foreach (var later in ids.SkipWhile(i => i != id).Skip(1))
            {
                Assert.Null(await Store.ClaimAsync(System, later, "w2", Lease, default));
            }

            Assert.Equal(id, Assert.Single(await Store.WaitingAsync(System, default)).Id);
            Assert.NotNull(await Store.ClaimAsync(System, id, "w1", Lease, default));
            first = id;
        }
    }

    [SkippableFact]
    public async Task Release_OfAJobThatOthersWaitFor_IsNextAgain()
    {
        var first = await RunningAsync("shop", "w1");
        var behind = (await Store.OrderAsync(System, Order("shop"), default)).Job!.Id;
        await Store.ReleaseAsync(System, first, "w1", default);

        Assert.Null(await Store.ClaimAsync(System, behind, "w2", Lease, default));
        Assert.Equal(first, Assert.Single(await Store.WaitingAsync(System, default)).Id);
        Assert.NotNull(await Store.ClaimAsync(System, first, "w2", Lease, default));
        _time.Advance(Lease + TimeSpan.FromMilliseconds(1));
        Assert.Null(await Store.ClaimAsync(System, behind, "w3", Lease, default));
        Assert.Equal(1, await Store.ReleaseAbandonedAsync(System, Lease, default));
        Assert.Equal(first, Assert.Single(await Store.WaitingAsync(System, default)).Id);
        await Store.CancelAsync(System, first, "key-9", withdrawn: false, default);
        Assert.Equal(behind, Assert.Single(await Store.WaitingAsync(System, default)).Id);
    }

    [SkippableFact]
    public async Task Claim_OfTwoJobsOfACatalogByMany_LetsOneRun()
    {
        IReindexJobStore[] nodes = [NewNode(), NewNode()];
        for (var round = 0; round < 10; round++)
        {
            var catalog = $"shop-{round}";
            var first = await RunningAsync(catalog, "before");
            var second = (await Store.OrderAsync(System, Order(catalog), default)).Job!.Id;
            _time.Advance(Lease + TimeSpan.FromMilliseconds(1));

            // Freed and claimed at once, while the other one is claimed: whoever wins, one runs.
            var claims = Enumerable.Range(0, 8).Select(i => Task.Run(() => nodes[i % 2].ClaimAsync(System, i < 4 ? first : second, $"w{i}", Lease, default).AsTask()));
            var freed = Task.Run(() => nodes[round % 2].ReleaseAsync(System, first, "before", default).AsTask());
            var won = (await Task.WhenAll(claims)).Count(c => c is not null);
            await freed;

            Assert.InRange(won, 0, 1);
            Assert.Equal(won, (await Store.LatestAsync(System, catalog, 9, default)).Count(j => j.State == "running"));
        }
    }

    [SkippableFact]
    public async Task Order_FiftyAtOnceOnTwoNodes_MakeOneJob()
    {
        IReindexJobStore[] nodes = [NewNode(), NewNode()];
        foreach (var node in nodes)
        {
            // As a host does at its start: the database is migrated.
            await node.WaitingAsync(System, default);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => nodes[i % 2].OrderAsync(System, Order("shop", by: $"key-{i}", key: "k"), default).AsTask())));

        Assert.Single(answers, a => a.Outcome == ReindexOrderOutcome.Started);
        Assert.Single(answers.Select(a => a.Job!.Id).Distinct());
    }

    [SkippableFact]
    public async Task Order_BeyondTheBounds_IsRefusedAndWritesNothing()
    {
        await RunningAsync("shop");
        await OrderedAsync("depot", maxRunning: 1, maxWaiting: 1);
        var refused = await Store.OrderAsync(System, Order("outlet", maxRunning: 1, maxWaiting: 1), default);

        Assert.Equal(new ReindexJobAnswer(ReindexOrderOutcome.TooMany, null, 1, 1), refused);
        Assert.Equal(ReindexOrderOutcome.Joined, (await Store.OrderAsync(System, Order("depot", maxRunning: 1, maxWaiting: 1), default)).Outcome);
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("outlet", maxRunning: 2, maxWaiting: 1), default)).Outcome);
    }

    [SkippableFact]
    public async Task Order_SameKey_IsAnsweredWithTheSameJobAlsoAfterItsEnd()
    {
        var order = Order("shop", key: "monday");
        var first = (await Store.OrderAsync(System, order, default)).Job!.Id;
        await Store.ClaimAsync(System, first, "w1", Lease, default);
        await Store.EndAsync(System, first, "w1", new ReindexJobEnd("succeeded", null, "{}"), default);
        var again = await NewNode().OrderAsync(System, Order("shop", key: "monday"), default);

        Assert.Equal((ReindexOrderOutcome.Repeated, first, "succeeded"), (again.Outcome, again.Job!.Id, again.Job.State));
        Assert.Equal(new ReindexJobAnswer(ReindexOrderOutcome.KeyConflict), await Store.OrderAsync(System, Order("shop", key: "monday") with { Options = """{"force":true}""" }, default));
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("depot", key: "monday"), default)).Outcome);
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("shop", key: "monday", by: "key-8"), default)).Outcome);
    }

    [SkippableFact]
    public async Task Claim_ByTwo_IsWonByOne()
    {
        var id = await OrderedAsync("shop");
        IReindexJobStore[] nodes = [NewNode(), NewNode()];
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => nodes[i % 2].ClaimAsync(System, id, $"w{i}", Lease, default).AsTask())));

        var won = Assert.Single(claims, c => c is not null)!;
        Assert.Equal(("running", 1, Start, Start), (won.State, won.Attempts, won.StartedAt, won.HeartbeatAt));
        Assert.Empty(await Store.WaitingAsync(System, default));
    }

    [SkippableFact]
    public async Task Claim_AfterTheLease_TakesOverAndTheFormerOwnerIsOut()
    {
        var id = await RunningAsync("shop", "w1");
        _time.Advance(Lease);
        Assert.Null(await Store.ClaimAsync(System, id, "w2", Lease, default));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var taken = await Store.ClaimAsync(System, id, "w2", Lease, default);

        Assert.Equal(("w2", 2, Start), (taken!.Owner, taken.Attempts, taken.StartedAt));
        Assert.Null(await Store.BeatAsync(System, id, "w1", "{}", default));
        Assert.False(await Store.EndAsync(System, id, "w1", new ReindexJobEnd("succeeded", null, "{}"), default));
        Assert.False(await Store.ReleaseAsync(System, id, "w1", default));
        Assert.Equal(taken, await Store.FindAsync(System, id, default));
    }

    [SkippableFact]
    public async Task Beat_KeepsTheJobAndItsProgress()
    {
        var id = await RunningAsync("shop", "w1");
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("""{"percent":40}""", (await Store.BeatAsync(System, id, "w1", """{"percent":40}""", default))!.Progress);
        _time.Advance(TimeSpan.FromSeconds(9));

        Assert.Equal(0, await Store.ReleaseAbandonedAsync(System, Lease, default));
        Assert.Equal("""{"percent":40}""", (await Store.BeatAsync(System, id, "w1", null, default))!.Progress);
    }

    [SkippableFact]
    public async Task End_IsKeptWithAllThatIsKnown()
    {
        var id = await RunningAsync("shop", "w1");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await Store.EndAsync(System, id, "w1", new ReindexJobEnd("refused", """{"percent":95}""", """{"fault":1}"""), default));
        var ended = await NewNode().FindAsync(System, id, default);

        Assert.Equal(("refused", """{"percent":95}""", """{"fault":1}""", Start.AddSeconds(3), "w1", true), (ended!.State, ended.Progress, ended.Outcome, ended.EndedAt, ended.Owner, ended.HasEnded));
        Assert.False(await Store.EndAsync(System, id, "w1", new ReindexJobEnd("failed", null, null), default));
        Assert.Null(await Store.ClaimAsync(System, id, "w2", TimeSpan.Zero, default));
    }

    [SkippableFact]
    public async Task Release_WaitsAgainForAnyOwner()
    {
        var id = await RunningAsync("shop", "w1");
        Assert.True(await Store.ReleaseAsync(System, id, "w1", default));

        Assert.Equal(("queued", null, 1), (await Store.FindAsync(System, id, default)) is { } job ? (job.State, job.EndedAt, job.Attempts) : default);
        Assert.Equal(ReindexOrderOutcome.Joined, (await Store.OrderAsync(System, Order("shop"), default)).Outcome);
        Assert.Equal(2, (await Store.ClaimAsync(System, id, "w2", Lease, default))!.Attempts);
    }

    [SkippableFact]
    public async Task Release_OfAJobThatIsToStop_EndsIt()
    {
        var id = await RunningAsync("shop", "w1");
        await Store.CancelAsync(System, id, "key-9", withdrawn: false, default);
        Assert.True(await Store.ReleaseAsync(System, id, "w1", default));

        Assert.Equal(("cancelled", Start), (await Store.FindAsync(System, id, default)) is { } job ? (job.State, job.EndedAt!.Value) : default);
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("shop"), default)).Outcome);
    }

    [SkippableFact]
    public async Task Cancel_Waiting_EndsAtOnce()
    {
        var id = await OrderedAsync("shop", key: "k");
        var job = await Store.CancelAsync(System, id, "key-9", withdrawn: false, default);

        Assert.Equal(("cancelled", "key-9", Start, null), (job!.State, job.CancelledBy, job.EndedAt, job.StartedAt));
        Assert.Null(await Store.ClaimAsync(System, id, "w1", Lease, default));
        Assert.Equal(id, (await Store.OrderAsync(System, Order("shop", key: "k"), default)).Job!.Id);
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("shop"), default)).Outcome);
        Assert.Null(await Store.CancelAsync(System, "job_nosuch", "key-9", withdrawn: false, default));
    }

    [SkippableFact]
    public async Task Cancel_Running_IsSeenByTheOwnerAndTheFirstToAskIsRemembered()
    {
        var id = await RunningAsync("shop", "w1");
        await NewNode().CancelAsync(System, id, "key-9", withdrawn: false, default);
        Assert.Equal("key-9", (await Store.CancelAsync(System, id, "key-10", withdrawn: true, default))!.CancelledBy);

        Assert.Equal("key-9", (await Store.BeatAsync(System, id, "w1", null, default))!.CancelledBy);
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("shop") with { JoinsRunning = true }, default)).Outcome);
        await Store.EndAsync(System, id, "w1", new ReindexJobEnd("cancelled", null, null), default);
        Assert.Equal("cancelled", (await Store.CancelAsync(System, id, "key-11", withdrawn: false, default))!.State);
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_Withdrawn_ForgetsTheKeys(bool running)
    {
        var id = await OrderedAsync("shop", key: "k");
        await Store.OrderAsync(System, Order("shop", by: "key-8", key: "other"), default);
        if (running)
        {
            await Store.ClaimAsync(System, id, "w1", Lease, default);
        }

        await Store.CancelAsync(System, id, "key-7", withdrawn: true, default);
        if (running)
        {
            await Store.EndAsync(System, id, "w1", new ReindexJobEnd("cancelled", null, null), default);
        }

        var again = await Store.OrderAsync(System, Order("shop", key: "k"), default);
        Assert.Equal(ReindexOrderOutcome.Started, again.Outcome);
        Assert.Equal((ReindexOrderOutcome.Joined, again.Job!.Id), await Store.OrderAsync(System, Order("shop", by: "key-8", key: "other"), default) is { } o ? (o.Outcome, o.Job!.Id) : default);
    }

    [SkippableFact]
    public async Task Withdrawn_ButDoneBefore_KeepsTheKeys()
    {
        var id = await OrderedAsync("shop", key: "k");
        await Store.ClaimAsync(System, id, "w1", Lease, default);
        await Store.CancelAsync(System, id, "key-7", withdrawn: true, default);
        await Store.EndAsync(System, id, "w1", new ReindexJobEnd("succeeded", null, "{}"), default);

        Assert.Equal((ReindexOrderOutcome.Repeated, id), await Store.OrderAsync(System, Order("shop", key: "k"), default) is { } o ? (o.Outcome, o.Job!.Id) : default);
    }

    [SkippableFact]
    public async Task ReleaseAbandoned_FreesWhatNobodyWorksOn()
    {
        var (lost, stopped) = (await RunningAsync("shop", "w1"), await RunningAsync("depot", "w1"));
        await Store.CancelAsync(System, stopped, "key-9", withdrawn: false, default);
        var recorded = (await Store.RecordAsync(System, Order("shop", by: "os:ann"), "cli-1", default)).Id;
        _time.Advance(Lease + TimeSpan.FromMilliseconds(1));
        var alive = await RunningAsync("outlet", "w2");

        Assert.Equal(3, await NewNode().ReleaseAbandonedAsync(System, Lease, default));
        Assert.Equal(["queued", "cancelled", "failed", "running"], new[] { lost, stopped, recorded, alive }.Select(id => Store.FindAsync(System, id, default).AsTask().GetAwaiter().GetResult()!.State));
        Assert.Equal(0, await Store.ReleaseAbandonedAsync(System, Lease, default));
        Assert.Equal(2, (await Store.ClaimAsync(System, lost, "w2", Lease, default))!.Attempts);
    }

    [SkippableFact]
    public async Task Record_StandsBesideTheQueue()
    {
        var recorded = await Store.RecordAsync(System, Order("shop", by: "os:ann"), "cli-1", default);

        Assert.Equal(("running", "os:ann", 1), (recorded.State, recorded.RequestedBy, recorded.Attempts));
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("shop"), default)).Outcome);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await Store.ClaimAsync(System, recorded.Id, "w1", Lease, default));
        Assert.True(await Store.EndAsync(System, recorded.Id, "cli-1", new ReindexJobEnd("succeeded", null, "{}"), default));
    }

    [SkippableFact]
    public async Task Latest_IsNewestFirst_AndTrimForgetsWhatEndedFirst()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var id = await OrderedAsync("shop", key: $"k{i}");
            await Store.ClaimAsync(System, id, "w1", Lease, default);
            await Store.EndAsync(System, id, "w1", new ReindexJobEnd("succeeded", null, "{}"), default);
            ids.Add(id);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        var waiting = await OrderedAsync("depot");
        await Store.TrimAsync(System, 3, default);

        Assert.Equal(ids.TakeLast(3).Reverse(), (await Store.LatestAsync(System, "shop", 10, default)).Select(j => j.Id));
        Assert.Equal([waiting, ids[4]], (await Store.LatestAsync(System, null, 2, default)).Select(j => j.Id));
        Assert.Equal(ReindexOrderOutcome.Started, (await Store.OrderAsync(System, Order("shop", key: "k0"), default)).Outcome);
        Assert.Equal(ReindexOrderOutcome.Repeated, (await Store.OrderAsync(System, Order("shop", key: "k4"), default)).Outcome);
    }

    [SkippableFact]
    public async Task EveryMethod_NeedsASystemScope()
    {
        var caller = _scopes.Administrator;
        var id = await OrderedAsync("shop");
        Func<Task>[] calls =
        [
            () => Store.OrderAsync(caller, Order("shop"), default).AsTask(),
            () => Store.RecordAsync(caller, Order("shop"), "w", default).AsTask(),
            () => Store.FindAsync(caller, id, default).AsTask(),
            () => Store.LatestAsync(caller, null, 1, default).AsTask(),
            () => Store.WaitingAsync(caller, default).AsTask(),
            () => Store.ClaimAsync(caller, id, "w", Lease, default).AsTask(),
            () => Store.BeatAsync(caller, id, "w", null, default).AsTask(),
            () => Store.EndAsync(caller, id, "w", new ReindexJobEnd("failed", null, null), default).AsTask(),
            () => Store.ReleaseAsync(caller, id, "w", default).AsTask(),
            () => Store.CancelAsync(caller, id, "w", false, default).AsTask(),
            () => Store.ReleaseAbandonedAsync(caller, Lease, default).AsTask(),
            () => Store.TrimAsync(caller, 0, default).AsTask(),
        ];

        foreach (var call in calls)
        {
            Assert.Equal("system_scope_required", (await Assert.ThrowsAsync<AccessRefusedException>(call)).Code);
        }

        Assert.Equal("queued", (await Store.FindAsync(System, id, default))!.State);
    }

    private ReindexJobOrder Order(string catalog, string by = "key-7", string? key = null, int maxRunning = 100, int maxWaiting = 100) =>
        new($"job_{Interlocked.Increment(ref _orders):0000}", catalog, "{}", by, key, maxRunning, maxWaiting);

    private async Task<string> OrderedAsync(string catalog, string? key = null, int maxRunning = 100, int maxWaiting = 100)
    {
        var answer = await Store.OrderAsync(System, Order(catalog, key: key, maxRunning: maxRunning, maxWaiting: maxWaiting), default);
        Assert.Equal(ReindexOrderOutcome.Started, answer.Outcome);
        return answer.Job!.Id;
    }

    private async Task<string> RunningAsync(string catalog, string owner = "w1")
    {
        var id = await OrderedAsync(catalog);
        Assert.NotNull(await Store.ClaimAsync(System, id, owner, Lease, default));
        return id;
    }

    private IReindexJobStore NewNode()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddAiPlatformStorage(Configure);
        var provider = services.BuildServiceProvider();
        _nodes.Add(provider);
        return provider.GetRequiredService<IReindexJobStore>();
    }
}
