using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Pipeline;

public sealed class IncrementalTests : IDisposable
{
    private const string Versioned = IndexFixture.Yaml + "\nversion: seq\ndeleted: { path: state, values: [gone, removed] }\n";

    private readonly IndexFixture _index = new();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Changes_AddReplaceAndDelete_AndLeaveTheRest()
    {
        await FullAsync(Enumerable.Range(0, 60).Select(i => Row(i, 10)));
        var report = await ChangeAsync([Row(3, 11, "changed"), Row(100, 1), Gone(5, 12), Row(7, 10)]);
        Assert.Equal((1, 1, 58, 1, 0), (report.Added, report.Updated, report.Kept, report.Deleted, (int)report.Stale));
        Assert.Equal(60, report.Generation!.Products);
        Assert.Equal("changed", (await _index.GetAsync("p3"))!.Description);
        Assert.Null(await _index.GetAsync("p5"));
        Assert.NotNull(await _index.GetAsync("p100"));
        Assert.True(report.ReusedModel);
        Assert.All(report.Gates, g => Assert.True(g.Passed, g.Detail));
        Assert.Empty(await _index.Engine.VerifyAsync(_index.System, "test", CancellationToken.None));
    }

    [Fact]
    public async Task LateWrite_OfALowerVersion_NeverWins()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        await ChangeAsync([Row(1, 20, "newest"), Gone(2, 20), Gone(99, 7)]);
        var late = await ChangeAsync([Row(1, 15, "late"), Row(2, 15, "late"), Row(99, 7, "late"), Gone(1, 15), Row(3, 10, "same version")]);
        Assert.Equal((4, 0, 0, 0), ((int)late.Stale, late.Added, late.Updated, late.Deleted));
        Assert.True(late.Unchanged);
        Assert.Equal("newest", (await _index.GetAsync("p1"))!.Description);
        Assert.Null(await _index.GetAsync("p2"));
        Assert.Null(await _index.GetAsync("p99"));
        var next = await ChangeAsync([Row(2, 21, "back"), Row(99, 8, "first")]);
        Assert.Equal(2, next.Added);
        Assert.Equal("back", (await _index.GetAsync("p2"))!.Description);
    }

    [Fact]
    public async Task FullBuild_OlderThanWhatIsKnown_KeepsTheNewerProductAndTheTombstone()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        await ChangeAsync([Row(1, 20, "newest"), Gone(2, 20)]);
        var full = await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 15, "dump of before")));
        Assert.Equal(2, full.Stale);
        Assert.Equal(29, full.Generation!.Products);
        Assert.Equal("newest", (await _index.GetAsync("p1"))!.Description);
        Assert.Equal("dump of before", (await _index.GetAsync("p3"))!.Description);
        Assert.Null(await _index.GetAsync("p2"));
        var later = await ChangeAsync([Row(1, 19, "late"), Row(2, 19, "late")]);
        Assert.Equal(2, later.Stale);
    }

    [Fact]
    public async Task Tombstones_ThatAreDamaged_LetNobodyBack()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        await ChangeAsync([Gone(2, 20)]);
        Damage("AIPTOMB1");
        var refused = await Assert.ThrowsAsync<ReindexException>(() => ChangeAsync([Row(2, 15, "late")]));
        Assert.Equal("tombstones_damaged", refused.Code);
        Assert.Equal("tombstones_damaged", (await Assert.ThrowsAsync<ReindexException>(() => FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 15))))).Code);
        Assert.Null(await _index.GetAsync("p2"));

        var anew = await _index.RunAsync(_index.Request(Source(Enumerable.Range(0, 30).Where(i => i != 2).Select(i => Row(i, 30))), Versioned) with { Force = true });
        Assert.Equal(29, anew.Generation!.Products);
        Assert.Empty(await _index.Engine.VerifyAsync(_index.System, "test", CancellationToken.None));
    }

    [Fact]
    public async Task ForcedFullRun_ForgetsTombstones_ForLaterRunsToo()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        await ChangeAsync([Gone(2, 20)]);
        await _index.RunAsync(_index.Request(Source(Enumerable.Range(0, 30).Where(i => i != 2).Select(i => Row(i, 10, "again"))), Versioned) with { Force = true });

        Assert.Equal(1, (await ChangeAsync([Row(2, 15, "back")])).Added);
    }

    [Fact]
    public async Task Position_ThatIsDamaged_NeedsAFullRun()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var gated = new GatedStore(_index.Engine) { Gate = GatedStore.Put };
        var full = Task.Run(() => _index.RunAsync(_index.Request(Source(Enumerable.Range(0, 31).Select(i => Row(i, 11))), Versioned), gated));
        await gated.ReachedAsync();
        await ChangeAsync([Row(5, 30, "meanwhile")]);
        gated.Open();
        await full;
        Damage(":");
        Assert.Equal("generation_damaged", (await Assert.ThrowsAsync<ReindexException>(() => ChangeAsync([Row(6, 31, "later")]))).Code);
        Assert.NotNull((await FullAsync(Enumerable.Range(0, 31).Select(i => Row(i, 40)))).Generation);
        Assert.Equal(1, (await ChangeAsync([Row(6, 41, "later")])).Updated);
    }

    [Fact]
    public async Task SameChangesAgain_SwapNothing()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        string[] changes = [Row(3, 11, "changed"), Row(100, 1), Gone(5, 12)];
        Assert.False((await ChangeAsync(changes)).Unchanged);
        var again = await ChangeAsync(changes);
        Assert.True(again.Unchanged);
        Assert.Equal(2, again.Generation!.Number);
        Assert.True((await ChangeAsync([])).Unchanged);
    }

    [Fact]
    public async Task RowsOfOneId_HighestVersionWinsWhateverTheirOrder()
    {
        var report = await FullAsync([Row(1, 5, "five"), Row(1, 9, "nine"), Row(1, 7, "seven"), Row(2, 4), Gone(2, 3), Row(3, 4), Gone(3, 5)]);
        Assert.Equal((2, 2), ((int)report.Stale, report.Accepted));
        Assert.Equal("nine", (await _index.GetAsync("p1"))!.Description);
        Assert.Equal(["p1", "p2"], await _index.IdsAsync());
    }

    [Fact]
    public async Task RowWithoutAVersionOrWithAWrongOne_IsRejected()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var report = await ChangeAsync([Row(1, 11), """{"id":"p2","name":"x"}""", """{"id":"p3","name":"x","seq":"soon"}""", """{"seq":12,"state":"gone"}"""], r => r with { MaxRejected = 1 });
        Assert.Equal(3, report.Rejected);
        Assert.Equal(["id_missing", "not_a_version", "version_missing"], report.Rejections.Select(r => r.Code).Order());
    }

    [Fact]
    public async Task Changes_OfAModelThatIsNotTheLiveOne_NeedAFullBuild()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(Changes([Row(1, 11)]), provider: new FixedEmbedders("other", 8)));
        Assert.Equal("full_build_required", thrown.Code);
        Assert.Equal(1, await _index.LiveAsync());
    }

    [Fact]
    public async Task Changes_DuringAFullBuild_AreInItsGenerationOnce()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var gated = new GatedStore(_index.Engine) { Gate = GatedStore.Put };
        var full = Task.Run(() => _index.RunAsync(_index.Request(Source(Enumerable.Range(0, 40).Select(i => Row(i, 15, "dump"))), Versioned), gated));
        await gated.ReachedAsync();
        var waiting = await ChangeAsync([Row(1, 20, "during"), Row(2, 12, "late"), Gone(3, 20), Row(500, 1)]);
        Assert.Equal(4, waiting.Waiting);
        Assert.Null(waiting.Generation);
        gated.Open();
        var report = await full;
        Assert.Equal(3, report.CaughtUp);
        Assert.Equal(40, report.Generation!.Products);
        Assert.Equal(report.Generation.Number, await _index.LiveAsync());
        Assert.Equal("during", (await _index.GetAsync("p1"))!.Description);
        Assert.Equal("dump", (await _index.GetAsync("p2"))!.Description);
        Assert.Null(await _index.GetAsync("p3"));
        Assert.NotNull(await _index.GetAsync("p500"));
        Assert.False(File.Exists(Path.Combine(_index.Data, "changes", "test.journal")));
    }

    [Fact]
    public async Task Changes_AfterAFullBuildCaughtUp_AreAppliedBehindIt()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var gated = new GatedStore(_index.Engine) { Gate = GatedStore.Finish };
        var full = Task.Run(() => _index.RunAsync(_index.Request(Source(Enumerable.Range(0, 40).Select(i => Row(i, 15, "dump"))), Versioned), gated));
        await gated.ReachedAsync();
        Assert.Equal(2, (await ChangeAsync([Row(1, 20, "during"), Gone(3, 20)])).Waiting);
        gated.Open();
        Assert.Equal(0, (await full).CaughtUp);
        Assert.Equal("during", (await _index.GetAsync("p1"))!.Description);
        Assert.Null(await _index.GetAsync("p3"));
        Assert.Equal(3, await _index.LiveAsync());
        Assert.False(File.Exists(Path.Combine(_index.Data, "changes", "test.journal")));
    }

    [Fact]
    public async Task Changes_DuringAFullBuildThatFails_AreAppliedToTheLiveGeneration()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var gated = new GatedStore(_index.Engine) { Gate = GatedStore.Finish };
        var lying = new FaultyStore(gated) { Lie = r => r with { Products = 1 } };
        var full = Task.Run(() => _index.RunAsync(_index.Request(Source(Enumerable.Range(0, 40).Select(i => Row(i, 15, "dump"))), Versioned), lying));
        await gated.ReachedAsync();
        await ChangeAsync([Row(1, 20, "during")]);
        gated.Open();
        Assert.Equal("verification_failed", (await Assert.ThrowsAsync<ReindexException>(() => full)).Code);
        await ChangeAsync([]);
        Assert.Equal("during", (await _index.GetAsync("p1"))!.Description);
        Assert.Equal(30, (await _index.IdsAsync()).Count);
    }

    [Fact]
    public async Task Changes_LeftFromBeforeAFullRun_GiveWayToItsSourceButForVersions()
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var gated = new GatedStore(_index.Engine) { Gate = GatedStore.Finish };
        var lying = new FaultyStore(gated) { Lie = r => r with { Products = 1 } };
        var full = Task.Run(() => _index.RunAsync(_index.Request(Source(Enumerable.Range(0, 30).Select(i => Row(i, 12))), Versioned), lying));
        await gated.ReachedAsync();
        await ChangeAsync([Row(1, 20, "newer"), Row(2, 11, "older"), Row(500, 11), Gone(3, 20)]);
        gated.Open();
        await Assert.ThrowsAsync<ReindexException>(() => full);

        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 15, "dump")));
        Assert.Equal("newer", (await _index.GetAsync("p1"))!.Description);
        Assert.Equal("dump", (await _index.GetAsync("p2"))!.Description);
        Assert.Null(await _index.GetAsync("p3"));
        Assert.Null(await _index.GetAsync("p500"));
        Assert.Equal(29, (await _index.IdsAsync()).Count);
    }

    [Theory]
    [InlineData(ReindexMode.Full)]
    [InlineData(ReindexMode.Incremental)]
    public async Task Lease_OfABuilderThatDied_IsWaitedFor(ReindexMode mode)
    {
        await FullAsync(Enumerable.Range(0, 30).Select(i => Row(i, 10)));
        var held = new FaultyStore(_index.Engine) { FailAt = 1, Failure = () => new CatalogBusyException("test") { Lease = TimeSpan.FromMinutes(1) } };
        var report = await _index.RunAsync(Changes(Enumerable.Range(0, 31).Select(i => Row(i, 11))) with { Mode = mode }, held);
        Assert.Equal((1, 30, 0), (report.Added, report.Updated, report.Waiting));
        Assert.Equal(2, await _index.LiveAsync());
    }

    /// <summary>Changes a byte of the live generation's attachments that begin so, or hold it where it is one sign.</summary>
    private void Damage(string begin)
    {
        var files = Directory.GetFiles(Path.Combine(_index.Folder["catalogs"], "test"), "attachment-*").Where(f => begin.Length == 1
            ? new FileInfo(f).Length < 100 && File.ReadAllText(f).Contains(begin, StringComparison.Ordinal) && !File.ReadAllText(f).Contains('{', StringComparison.Ordinal)
            : File.ReadAllText(f).StartsWith(begin, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
    }

    private static string Row(int i, long version, string text = "first") => $$"""{"id":"p{{i}}","name":"Product number {{i}} lamp","text":"{{text}}","price":{{i}},"seq":{{version}}}""";

    private static string Gone(int i, long version) => $$"""{"id":"p{{i}}","seq":{{version}},"state":"Gone"}""";

    private string Source(IEnumerable<string> rows) => _index.Folder.Write(Path.GetRandomFileName() + ".jsonl", string.Concat(rows.Select(r => r + "\n")));

    private Task<ReindexReport> FullAsync(IEnumerable<string> rows) => _index.RunAsync(_index.Request(Source(rows), Versioned));

    private ReindexRequest Changes(IEnumerable<string> rows) => _index.Request(Source(rows), Versioned) with { Mode = ReindexMode.Incremental };

    private Task<ReindexReport> ChangeAsync(IEnumerable<string> rows, Func<ReindexRequest, ReindexRequest>? with = null) =>
        _index.RunAsync(with is null ? Changes(rows) : with(Changes(rows)));
}
