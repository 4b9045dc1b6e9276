using System.Diagnostics;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Jobs;

public sealed class ReindexJobsTests : IDisposable
{
    private readonly JobsFixture _fixture = new();

    private ReindexJobs Jobs => _fixture.Jobs;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Start_ConfiguredCatalog_MakesAGenerationLive()
    {
        var start = await Jobs.StartAsync(_fixture.Everything, new ReindexOrder(JobsFixture.Shop), default);
        var job = await JobsFixture.EndAsync(start.Job);

        Assert.True(start.Started);
        Assert.False(start.AlreadyRunning);
        Assert.Equal((ReindexJobState.Succeeded, 1L, 100d, 30L, 0L), (job.State, job.Generation, job.Percent, job.Read, job.Rejected));
        Assert.Equal(new ReindexCounts(30, 0, 30, 0, 0, 0, 30) { Put = 30 }, job.Counts);
        Assert.Equal("key-7", job.RequestedBy);
        Assert.True(job.RequestedAt <= job.StartedAt && job.StartedAt <= job.EndedAt);
        Assert.Matches("^job_[0-9a-f]{32}$", job.Id);
        Assert.Equivalent(job, await Jobs.FindAsync(_fixture.Everything, job.Id, default), strict: true);
        Assert.Equal(30, (await _fixture.Index.IdsAsync(JobsFixture.Shop)).Count);
    }

    [Fact]
    public async Task Start_DryRun_WritesNothing()
    {
        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop, DryRun: true));

        Assert.Equal((ReindexJobState.Succeeded, null, 100d), (job.State, job.Generation, job.Percent));
        Assert.Equal(30, job.Counts!.Added);
        Assert.Empty(await Jobs.GenerationsAsync(_fixture.Everything, JobsFixture.Shop, default));
    }

    [Fact]
    public async Task Start_Force_EmbedsAnew()
    {
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        var again = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        Assert.Equal((true, null, 0), (again.Unchanged, again.Generation, again.Counts!.Embedded));
        Assert.Equal(1, await _fixture.Index.LiveAsync(JobsFixture.Shop));
        Assert.Equal(30, (await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop, Force: true))).Counts!.Embedded);
    }

    [Fact]
    public async Task Start_FiftyAtOnce_MakeOneJob()
    {
        _fixture.Gates.Gate = GatedStore.Begin;
        var starts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => Jobs.StartAsync(_fixture.Caller("everything", $"key-{i}"), new ReindexOrder(JobsFixture.Shop), default).AsTask())));

        Assert.Single(starts.Select(s => s.Job.Id).Distinct());
        Assert.Equal(49, starts.Count(s => s is { Started: false, AlreadyRunning: true }));
        _fixture.Gates.Open();
        Assert.Equal(1, (await JobsFixture.EndAsync(starts[0].Job)).Generation);
        Assert.Single(await Jobs.LatestAsync(_fixture.Everything, JobsFixture.Shop, 100, default));
        Assert.True((await Jobs.StartAsync(_fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Started);
    }

    [Theory]
    [InlineData(GatedStore.Begin)]
    [InlineData(GatedEmbedders.Step)]
    [InlineData(GatedStore.Put)]
    [InlineData(GatedStore.Finish)]
    public async Task Cancel_InAnyStage_EndsWithinASecondAndLeavesTheLiveGeneration(string gate)
    {
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        _fixture.Write(JobsFixture.Shop, Enumerable.Range(5, 40));
        _fixture.Gates.Gate = gate;
        var job = (await Jobs.StartAsync(_fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Job;
        await _fixture.Gates.ReachedAsync();
        Assert.Equal(ReindexJobState.Running, job.Look().State);

        var clock = Stopwatch.StartNew();
        Assert.Equal(job.Id, (await Jobs.CancelAsync(_fixture.Caller("everything", "key-9"), job.Id, default))!.Id);
        var ended = await JobsFixture.EndAsync(job);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal((ReindexJobState.Cancelled, "key-9", null, null), (ended.State, ended.CancelledBy, ended.Generation, ended.Fault));
        Assert.InRange(ended.Percent, 0, 99);
        Assert.Equal(1, await _fixture.Index.LiveAsync(JobsFixture.Shop));
        Assert.Equal(30, (await _fixture.Index.IdsAsync(JobsFixture.Shop)).Count);
        _fixture.Gates.Open();
        Assert.Equal(2, (await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop))).Generation);
    }

    [Fact]
    public async Task Cancel_AfterTheEnd_ChangesNothing()
    {
        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        await Jobs.CancelAsync(_fixture.Everything, job.Id, default);

        Assert.Equivalent(job, await Jobs.FindAsync(_fixture.Everything, job.Id, default), strict: true);
    }

    [Fact]
    public async Task Withdraw_StopsOnlyWhatTheCallStarted()
    {
        _fixture.Gates.Gate = GatedStore.Begin;
        var starter = _fixture.Caller("starts-shop");
        var first = await Jobs.StartAsync(starter, new ReindexOrder(JobsFixture.Shop), default);
        var second = await Jobs.StartAsync(starter, new ReindexOrder(JobsFixture.Shop), default);
        await Jobs.WithdrawAsync(starter, second);
        Assert.Null(first.Job.Look().CancelledBy);

        await Jobs.WithdrawAsync(starter, first);
        Assert.Equal(ReindexJobState.Cancelled, (await JobsFixture.EndAsync(first.Job)).State);
    }

    [Fact]
    public async Task Withdraw_ForgetsTheKeysOfTheJob_ARepeatStartsAnew()
    {
        _fixture.Gates.Gate = GatedStore.Begin;
        var (starter, other) = (_fixture.Caller("starts-shop"), _fixture.Caller("everything", "key-8"));
        var order = new ReindexOrder(JobsFixture.Shop, IdempotencyKey: "k");
        var left = await Jobs.StartAsync(starter, order, default);
        var joined = await Jobs.StartAsync(other, order, default);
        await _fixture.Gates.ReachedAsync();
        await Jobs.WithdrawAsync(starter, left);
        var again = await Jobs.StartAsync(starter, order, default);

        Assert.Equal(left.Job.Id, joined.Job.Id);
        Assert.Equal(ReindexJobState.Cancelled, (await left.Job.WaitAsync(TimeSpan.Zero, default)).State);
        Assert.True(again.Started);
        Assert.NotEqual(left.Job.Id, again.Job.Id);
        Assert.Equal(again.Job.Id, (await Jobs.StartAsync(other, order, default)).Job.Id);
        _fixture.Gates.Open();
        Assert.Equal(ReindexJobState.Succeeded, (await JobsFixture.EndAsync(again.Job)).State);
        Assert.Equal(again.Job.Id, (await Jobs.StartAsync(starter, order, default)).Job.Id);
    }

    [Fact]
    public async Task Cancel_ByName_KeepsTheKey()
    {
        _fixture.Gates.Gate = GatedStore.Begin;
        var order = new ReindexOrder(JobsFixture.Shop, IdempotencyKey: "k");
        var first = await Jobs.StartAsync(_fixture.Everything, order, default);
        await Jobs.CancelAsync(_fixture.Everything, first.Job.Look().Id, default);
        await JobsFixture.EndAsync(first.Job);

        Assert.Equal(first.Job.Id, (await Jobs.StartAsync(_fixture.Everything, order, default)).Job.Id);
    }

    [Fact]
    public async Task Progress_OverAllStages_NeverFalls()
    {
        var seen = new List<double> { 0 };
        ReindexRun? job = null;
        foreach (var gate in (string[])[GatedStore.Begin, GatedEmbedders.Step, GatedStore.Put, GatedStore.Finish])
        {
            var fixture = new JobsFixture();
            fixture.Gates.Gate = gate;
            job = (await fixture.Jobs.StartAsync(fixture.Everything, new ReindexOrder(JobsFixture.Shop), default)).Job;
            await fixture.Gates.ReachedAsync();
            seen.Add(job.Look().Percent);
            fixture.Gates.Open();
            await JobsFixture.EndAsync(job);
            fixture.Dispose();
        }

        seen.Add(job!.Look().Percent);
        Assert.Equal(seen.Order(), seen);
        Assert.Equal([0d, 0d, 30d, 45d, 95d, 100d], seen);
    }

    [Fact]
    public async Task Refused_TooManyRejected_TellsCodesAndCountsAndNothingOfTheRows()
    {
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        File.AppendAllText(_fixture.SourceOf(JobsFixture.Shop), string.Concat(Enumerable.Repeat("{\"id\":\"quixotic-id\",\"name\":\"\",\"price\":\"quixotic price\"}\n", 10)));
        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        Assert.Equal((ReindexJobState.Refused, "too_many_rejected", 40L, 10L), (job.State, job.Fault!.Code, job.Read, job.Rejected));
        Assert.Contains(new RejectionCount("price", "not_a_number", 10, 31), job.Rejections);
        Assert.Matches("^shop-[0-9-]+\\.jsonl$", job.DeadLetterFile);
        Assert.Contains("Catalogs:shop:MaxRejected", job.Fault.Message, StringComparison.Ordinal);
        AssertSafe(job);
        Assert.Equal(1, await _fixture.Index.LiveAsync(JobsFixture.Shop));
    }

    [Fact]
    public async Task Refused_TooManyDeleted_LeavesTheCatalog()
    {
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        _fixture.Write(JobsFixture.Shop, Enumerable.Range(0, 10));
        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        Assert.Equal((ReindexJobState.Refused, "too_many_deleted"), (job.State, job.Fault!.Code));
        AssertSafe(job);
        Assert.Equal(30, (await _fixture.Index.IdsAsync(JobsFixture.Shop)).Count);
    }

    [Fact]
    public async Task Failed_SourceMissing_SaysWhereToLookAndNamesNoPath()
    {
        File.Delete(_fixture.SourceOf(JobsFixture.Shop));
        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        Assert.Equal((ReindexJobState.Failed, "source_not_found"), (job.State, job.Fault!.Code));
        Assert.Contains("Catalogs:shop:Source", job.Fault.Message, StringComparison.Ordinal);
        AssertSafe(job);
        Assert.Contains(_fixture.Logged, l => l.Event == 4012 && l.Text.Contains(_fixture.SourceOf(JobsFixture.Shop), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fields: {}")]
    [InlineData(null)]
    public async Task Failed_MappingWrongOrMissing_SaysSo(string? yaml)
    {
        File.Delete(_fixture.Mapping);
        if (yaml is not null)
        {
            File.WriteAllText(_fixture.Mapping, yaml);
        }

        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        Assert.Equal((ReindexJobState.Failed, "invalid_mapping"), (job.State, job.Fault!.Code));
        AssertSafe(job);
    }

    [Fact]
    public async Task Failed_AnotherProcessBuilds_SaysBusy()
    {
        await using var other = await _fixture.Index.Engine.BeginBuildAsync(_fixture.Index.System, new CatalogBuildRequest(JobsFixture.Shop, "n", "english", "", 0), default);

        Assert.Equal("catalog_busy", (await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop))).Fault!.Code);
        await Assert.ThrowsAsync<ReindexRequestException>(() => Jobs.RollbackAsync(_fixture.Everything, JobsFixture.Shop, default).AsTask());
    }

    [Fact]
    public async Task Failed_Unexpectedly_IsLoggedAndTellsNothing()
    {
        using var fixture = new JobsFixture(wrap: store => new FaultyStore(store) { FailAt = 3, Failure = () => new InvalidOperationException("a secret of the store") });
        var job = await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        Assert.Equal((ReindexJobState.Failed, "internal_error"), (job.State, job.Fault!.Code));
        Assert.DoesNotContain("secret", job.Fault.Message, StringComparison.Ordinal);
        Assert.Contains(fixture.Logged, l => l.Event == 4013);
        Assert.Equal(ReindexJobState.Succeeded, (await fixture.RunAsync(new ReindexOrder(JobsFixture.Depot))).State);
    }

    [Fact]
    public async Task Failed_DiskFull_SaysSoWithoutThePlace()
    {
        using var fixture = new JobsFixture(wrap: store => new FaultyStore(store) { FailAt = 3 });
        var job = await fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        Assert.Equal((ReindexJobState.Failed, "disk_failed"), (job.State, job.Fault!.Code));
        Assert.DoesNotContain("No space", job.Fault.Message, StringComparison.Ordinal);
        Assert.Empty(await fixture.Index.Engine.ListGenerationsAsync(fixture.Index.System, JobsFixture.Shop, default));
    }

    [Fact]
    public async Task Job_WorksUnderAScopeThatNamesWhoAsked()
    {
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop), _fixture.Caller("starts-shop", "key-42"));

        Assert.Contains(_fixture.Audit, a => a.StartsWith("system reindex for key-42: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_ThatCannotBeAudited_DoesNotRun()
    {
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop, DryRun: true));
        _fixture.AuditIsDown = true;
        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        Assert.Equal((ReindexJobState.Failed, "audit_unavailable"), (job.State, job.Fault!.Code));
        Assert.Equal(0, await _fixture.Index.LiveAsync(JobsFixture.Shop));
    }

    [Fact]
    public async Task Rollback_MakesThePreviousGenerationLive()
    {
        Assert.Equal("no_previous_generation", (await Assert.ThrowsAsync<ReindexRequestException>(() => Jobs.RollbackAsync(_fixture.Everything, JobsFixture.Shop, default).AsTask())).Code);
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        Assert.Equal("no_previous_generation", (await Assert.ThrowsAsync<ReindexRequestException>(() => Jobs.RollbackAsync(_fixture.Everything, JobsFixture.Shop, default).AsTask())).Code);
        _fixture.Write(JobsFixture.Shop, Enumerable.Range(0, 40));
        await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));

        var live = await Jobs.RollbackAsync(_fixture.Caller("everything", "key-5"), JobsFixture.Shop, default);

        Assert.Equal((3L, 30), (live.Number, live.Products));
        Assert.Equal(30, (await _fixture.Index.IdsAsync(JobsFixture.Shop)).Count);
        Assert.Contains(_fixture.Audit, a => a.StartsWith("system reindex for key-5: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rollback_OfACatalogThatIsNotConfigured_NeedsOnlyTheRight()
    {
        foreach (var count in (int[])[30, 40])
        {
            await _fixture.Index.RunAsync(_fixture.Index.Request(_fixture.Index.Source(Enumerable.Range(0, count)), catalog: "attic"));
        }

        Assert.Equal<string>(["attic", JobsFixture.Depot, JobsFixture.Outlet, JobsFixture.Shop], await Jobs.CatalogsForAsync(_fixture.Everything, ReindexPermission.Rollback, default));
        Assert.Equal<string>([JobsFixture.Depot, JobsFixture.Outlet, JobsFixture.Shop], await Jobs.CatalogsForAsync(_fixture.Everything, ReindexPermission.Start, default));
        Assert.Equal(2, (await Jobs.GenerationsAsync(_fixture.Everything, "attic", default)).Count);
        Assert.Equal(30, (await Jobs.RollbackAsync(_fixture.Everything, "attic", default)).Products);
        await Assert.ThrowsAsync<CatalogRequestException>(() => Jobs.StartAsync(_fixture.Everything, new ReindexOrder("attic"), default).AsTask());

        var elsewhere = _fixture.Caller("all-of-depot");
        Assert.Equal<string>([JobsFixture.Depot], await Jobs.CatalogsForAsync(elsewhere, ReindexPermission.Rollback, default));
        var forbidden = await RefusalAsync(c => Jobs.RollbackAsync(elsewhere, c, default).AsTask(), "attic");
        Assert.Equal((await RefusalAsync(c => Jobs.RollbackAsync(elsewhere, c, default).AsTask(), "nosuch")).Message, forbidden.Message);
        Assert.Equal(3, await _fixture.Index.LiveAsync("attic"));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("all-of-depot")]
    [InlineData("reads-shop")]
    public async Task Rights_ForbiddenIsAnsweredAsMissing(string group)
    {
        var job = await _fixture.RunAsync(new ReindexOrder(JobsFixture.Shop));
        var caller = _fixture.Caller(group);
        var before = _fixture.Audit.Count;
        var requests = new Dictionary<string, Func<string, Task>>
        {
            [ReindexPermission.Start] = catalog => Jobs.StartAsync(caller, new ReindexOrder(catalog), default).AsTask(),
            [ReindexPermission.Rollback] = catalog => Jobs.RollbackAsync(caller, catalog, default).AsTask(),
        };
        if (group != "reads-shop")
        {
            requests[ReindexPermission.Read] = catalog => Jobs.LatestAsync(caller, catalog, 9, default).AsTask();
            requests["generations"] = catalog => Jobs.GenerationsAsync(caller, catalog, default).AsTask();
            Assert.Null(await Jobs.FindAsync(caller, job.Id, default));
        }

        Assert.Null(await Jobs.CancelAsync(caller, job.Id, default));
        foreach (var request in requests.Values)
        {
            var forbidden = await RefusalAsync(request, JobsFixture.Shop);
            Assert.Equal(CatalogErrors.UnknownCatalog, forbidden.Code);
            Assert.Equal((await RefusalAsync(request, "nosuch")).Message, forbidden.Message);
        }

        Assert.True(_fixture.Audit.Skip(before).All(a => a.StartsWith("denied key-7 reindex:", StringComparison.Ordinal)));
        Assert.Equal((2 * requests.Count) + (group == "reads-shop" ? 1 : 2), _fixture.Audit.Count - before);
        Assert.Equal(1, await _fixture.Index.LiveAsync(JobsFixture.Shop));
    }

    [Fact]
    public async Task CatalogsFor_AreThoseOfTheRight()
    {
        Assert.Equal<string>([JobsFixture.Depot, JobsFixture.Outlet, JobsFixture.Shop], await Jobs.CatalogsForAsync(_fixture.Everything, ReindexPermission.Start, default));
        Assert.Equal<string>([JobsFixture.Shop], await Jobs.CatalogsForAsync(_fixture.Caller("reads-shop"), ReindexPermission.Read, default));
        Assert.Empty(await Jobs.CatalogsForAsync(_fixture.Caller("reads-shop"), ReindexPermission.Start, default));
        Assert.Empty(await Jobs.CatalogsForAsync(_fixture.Caller("nothing"), ReindexPermission.Read, default));
    }

    [Fact]
    public void Starting_FilesMissing_WarnsAndGoesOn()
    {
        File.Delete(_fixture.SourceOf(JobsFixture.Depot));
        JobsFixture.Start(_fixture.NewNode());

        Assert.Equal(4014, Assert.Single(_fixture.Logged, l => l.Text.Contains("depot", StringComparison.Ordinal)).Event);
    }

    private static async Task<CatalogRequestException> RefusalAsync(Func<string, Task> request, string catalog) =>
        await Assert.ThrowsAsync<CatalogRequestException>(() => request(catalog));

    /// <summary>Nothing of the machine's folders, of the command line, or of the rows.</summary>
    private void AssertSafe(ReindexJobInfo job)
    {
        var text = JsonSerializer.Serialize(job);
        Assert.DoesNotContain(_fixture.Index.Folder.Path, text, StringComparison.Ordinal);
        Assert.DoesNotContain("--max", text, StringComparison.Ordinal);
        Assert.DoesNotContain("quixotic", text, StringComparison.Ordinal);
    }
}
