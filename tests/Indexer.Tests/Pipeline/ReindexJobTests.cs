using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Pipeline;

public sealed class ReindexJobTests : IDisposable
{
    private readonly IndexFixture _index = new();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Run_FirstTime_AddsEverythingWithVectors()
    {
        var report = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 700))));
        Assert.Equal((700, 700, 0, 0, 0, 700), ((int)report.Read, report.Added, report.Updated, report.Kept, report.Deleted, report.Embedded));
        Assert.False(report.ReusedModel);
        Assert.Equal(700, report.Generation!.Products);
        Assert.Equal(Enumerable.Range(0, 700).Select(i => $"p{i}").Order(StringComparer.Ordinal), await _index.IdsAsync());
        var page = await _index.Engine.SearchAsync(_index.System, new ProductQuery { Catalog = "test", Text = "kettle", Mode = SearchMode.Vector }, CancellationToken.None);
        Assert.Null(page.Degraded);
        Assert.NotEmpty(page.Hits);
        Assert.Empty(await _index.Engine.VerifyAsync(_index.System, "test", CancellationToken.None));
        Assert.Empty(Directory.GetFiles(Path.Combine(_index.Data, "spool")));
    }

    [Fact]
    public async Task Run_SameSourceAgain_EmbedsNothing()
    {
        var source = _index.Source(Enumerable.Range(0, 300));
        await _index.RunAsync(_index.Request(source));
        var report = await _index.RunAsync(_index.Request(source));
        Assert.Equal((0, 0, 300, 0, 0, 300, true), (report.Added, report.Updated, report.Kept, report.Deleted, report.Embedded, report.ReusedVectors, report.ReusedModel));
    }

    [Fact]
    public async Task Run_SameSourceAgain_KeepsTheGenerationsAndSoTheWayBack()
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 50))));
        var second = _index.Source(Enumerable.Range(0, 40));
        Assert.False((await _index.RunAsync(_index.Request(second))).Unchanged);
        var before = await _index.Engine.ListGenerationsAsync(_index.System, "test", CancellationToken.None);
        var files = Directory.GetFiles(Path.Combine(_index.Folder["catalogs"], "test")).Order(StringComparer.Ordinal);
        var report = await _index.RunAsync(_index.Request(second));
        Assert.True(report.Unchanged);
        Assert.Equal(before[0], report.Generation);
        Assert.Equal(before, await _index.Engine.ListGenerationsAsync(_index.System, "test", CancellationToken.None));
        Assert.Equal(files, Directory.GetFiles(Path.Combine(_index.Folder["catalogs"], "test")).Order(StringComparer.Ordinal));
        await _index.Engine.RollbackAsync(_index.System, "test", CancellationToken.None);
        Assert.Equal(50, (await _index.IdsAsync()).Count);
    }

    [Fact]
    public async Task Run_SameSourceAgain_WithAnotherAnalyzerModelOrForce_Swaps()
    {
        var source = _index.Source(Enumerable.Range(0, 20));
        await _index.RunAsync(_index.Request(source));
        Assert.False((await _index.RunAsync(_index.Request(source, "analyzer: plain\n" + IndexFixture.Yaml))).Unchanged);
        Assert.Equal(2, await _index.LiveAsync());
        Assert.False((await _index.RunAsync(_index.Request(source))).Unchanged);
        Assert.False((await _index.RunAsync(_index.Request(source) with { Force = true })).Unchanged);
        Assert.Equal(4, await _index.LiveAsync());
        var words = new ReindexJob(_index.Engine, null, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ReindexJob>.Instance);
        Assert.False((await words.RunAsync(_index.System, _index.Request(source), null, CancellationToken.None)).Unchanged);
        Assert.False((await words.RunAsync(_index.System, _index.Request(source, "analyzer: plain\n" + IndexFixture.Yaml), null, CancellationToken.None)).Unchanged);
        Assert.True((await words.RunAsync(_index.System, _index.Request(source, "analyzer: plain\n" + IndexFixture.Yaml), null, CancellationToken.None)).Unchanged);
        Assert.Equal(6, await _index.LiveAsync());
    }

    [Fact]
    public async Task Run_ChangedSource_EmbedsOnlyChangedTexts()
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 300))));

        // 5 texts change, 7 prices change, 1 product is new; the model may stay.
        var changed = _index.Source(Enumerable.Range(0, 301), i => i < 5 ? "changed lamp" : null!, null).Replace("\\", "/", StringComparison.Ordinal);
        var lines = File.ReadAllLines(changed).Select((l, i) => i is >= 10 and < 17 ? l.Replace("\"price\":", "\"price\":9", StringComparison.Ordinal) : l);
        File.WriteAllLines(changed, lines);
        var report = await _index.RunAsync(_index.Request(changed));
        Assert.True(report.ReusedModel);
        Assert.Equal((1, 12, 288, 0), (report.Added, report.Updated, report.Kept, report.Deleted));
        Assert.Equal((6, 295), (report.Embedded, report.ReusedVectors));
        Assert.Equal("changed lamp", (await _index.GetAsync("p3"))!.Description);
        Assert.Equal(910m, (await _index.GetAsync("p10"))!.Price);
    }

    [Fact]
    public async Task Run_TrainingProductWithdrawn_TrainsAgainAndForgetsIt()
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 300))));
        var report = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 300), null, i => i == 7 ? ",\"level\":\"confidential\"" : "")));
        Assert.False(report.ReusedModel);
        Assert.Equal(300, report.Embedded);
    }

    [Fact]
    public async Task Run_ProductsGone_AreDeletedAndRollbackBringsThemBack()
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 50))));
        var report = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(10, 40))));
        Assert.Equal((0, 10), (report.Added, report.Deleted));
        Assert.Equal(40, (await _index.IdsAsync()).Count);
        await _index.Engine.RollbackAsync(_index.System, "test", CancellationToken.None);
        Assert.Equal(50, (await _index.IdsAsync()).Count);
    }

    [Fact]
    public async Task Run_Force_EmbedsEverythingAnew()
    {
        var source = _index.Source(Enumerable.Range(0, 60));
        await _index.RunAsync(_index.Request(source));
        var report = await _index.RunAsync(_index.Request(source) with { Force = true });
        Assert.Equal((60, 0, false), (report.Embedded, report.ReusedVectors, report.ReusedModel));
        Assert.Equal(60, (await _index.IdsAsync()).Count);
    }

    [Fact]
    public async Task Run_BadRows_GoToTheDeadLettersAndTheRestIsIndexed()
    {
        var source = _index.Source(Enumerable.Range(0, 30));
        File.AppendAllText(source, "{broken\n{\"id\":\"bad\",\"name\":\"\",\"price\":-1}\n{\"id\":\"p3\",\"name\":\"Later three\"}\n");
        var report = await _index.RunAsync(_index.Request(source));
        Assert.Equal((33, 30, 2, 1), ((int)report.Read, report.Accepted, (int)report.Rejected, (int)report.Duplicates));
        Assert.Equal("Later three", (await _index.GetAsync("p3"))!.Name);
        var letters = File.ReadLines(report.DeadLetterPath!).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(
            [(31, "rejected", "row", "invalid_json"), (32, "rejected", "name", "name_missing"), (32, "rejected", "price", "price_out_of_range"), (33, "warning", "id", "duplicate_id")],
            letters.Select(l => (l.GetProperty("line").GetInt32(), l.GetProperty("severity").GetString(), l.GetProperty("field").GetString(), l.GetProperty("code").GetString())));
        Assert.Equal("{broken", letters[0].GetProperty("row").GetString());
        Assert.False(letters[0].TryGetProperty("productId", out _));
        Assert.Equal("bad", letters[1].GetProperty("productId").GetString());
        Assert.Equal(4, report.Rejections.Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(report.DeadLetterPath!));
        }
    }

    [Fact]
    public async Task Run_RowsOfManyBatches_AreTakenAndToldInTheOrderOfTheSource()
    {
        var rows = Enumerable.Range(0, 4_000).Select(i => (i % 4) switch
        {
            0 => $"{{\"id\":\"p{i % 1_000}\",\"name\":\"Row {i}\"}}",
            1 => $"{{broken {i}",
            2 => $"{{\"id\":\"n{i}\",\"name\":\"\"}}",
            _ => $"{{\"id\":\"p{i}\",\"name\":\"Row {i}\"}}",
        });
        var report = await _index.RunAsync(_index.Request(_index.Folder.Write("many.jsonl", string.Join('\n', rows))) with { MaxRejected = .5 });
        Assert.Equal((4_000, 1_250, 2_000, 750), ((int)report.Read, report.Accepted, (int)report.Rejected, (int)report.Duplicates));
        Assert.Equal("Row 3500", (await _index.GetAsync("p500"))!.Name);
        var letters = File.ReadLines(report.DeadLetterPath!).Select(l => JsonDocument.Parse(l).RootElement).Select(l => (Line: l.GetProperty("line").GetInt32(), Row: l.GetProperty("row").GetString()!)).ToArray();
        Assert.Equal(2_750, letters.Length);
        Assert.Equal(letters.Select(l => l.Line).Order(), letters.Select(l => l.Line));
        Assert.All(letters, l => Assert.Contains($"{l.Line - 1}", l.Row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_RawRowBeyondFourKibibytes_IsTruncatedInTheDeadLetters()
    {
        var source = _index.Folder.Write("long.jsonl", $"{{\"id\":\"1\",\"name\":\"ok\"}}\n{{\"id\":\"2\",\"name\":\"{new string('x', 9_000)}\"}}\n");
        var report = await _index.RunAsync(_index.Request(source) with { MaxRejected = .5 });
        var letter = JsonDocument.Parse(File.ReadLines(report.DeadLetterPath!).Single()).RootElement;
        Assert.Equal("too_long", letter.GetProperty("code").GetString());
        Assert.Equal(SourceLimits.RawCharacters, letter.GetProperty("row").GetString()!.Length);
    }

    [Theory]
    [InlineData(.1, true)]
    [InlineData(.25, false)]
    public async Task Run_ManyRejected_IsRefusedBeyondTheShare(double allowed, bool refused)
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 10))));
        var source = _index.Source(Enumerable.Range(0, 8));
        File.AppendAllText(source, "{x\n{y\n");
        var run = _index.RunAsync(_index.Request(source) with { MaxRejected = allowed });
        if (refused)
        {
            var thrown = await Assert.ThrowsAsync<ReindexException>(() => run);
            Assert.Equal("too_many_rejected", thrown.Code);
            Assert.True(File.Exists(thrown.DeadLetterPath));
            Assert.Equal(10, (await _index.IdsAsync()).Count);
        }
        else
        {
            Assert.Equal(8, (await run).Accepted);
        }
    }

    [Theory]
    [InlineData(66, .3, true)]
    [InlineData(70, .3, false)]
    [InlineData(71, .29, false)]
    [InlineData(1, 1, false)]
    [InlineData(99, 0, true)]
    [InlineData(100, 0, false)]
    public async Task Run_ManyDeleted_IsRefusedBeyondTheShare(int left, double allowed, bool refused)
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 100))));
        var request = _index.Request(_index.Source(Enumerable.Range(0, left).Concat(Enumerable.Range(200, 80)))) with { MaxDeleted = allowed };
        if (refused)
        {
            var thrown = await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(request));
            Assert.Equal("too_many_deleted", thrown.Code);
            Assert.Contains($"{100 - left} of 100 products", thrown.Message, StringComparison.Ordinal);
            Assert.Contains("--max-deleted", thrown.Message, StringComparison.Ordinal);
            Assert.Equal(1, await _index.LiveAsync());
            Assert.Equal(100, (await _index.IdsAsync()).Count);
            var dry = await _index.RunAsync(request with { DryRun = true });
            Assert.Equal(100 - left, dry.Deleted);
        }
        else
        {
            Assert.Equal(100 - left, (await _index.RunAsync(request)).Deleted);
        }
    }

    [Fact]
    public void Request_MaxDeleted_IsThreeTenthsByDefault() => Assert.Equal(.3, _index.Request("x").MaxDeleted);

    [Theory]
    [InlineData("none.jsonl", "")]
    [InlineData("none.csv", "")]
    [InlineData("none.csv", "id,name\n")]
    public async Task Run_EmptySource_SaysSo(string name, string content)
    {
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(_index.Request(_index.Folder.Write(name, content))));
        Assert.Equal("nothing_accepted", thrown.Code);
        Assert.Contains($"{name} holds no row", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("dead-letters", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{bad\n")]
    public async Task Run_NothingAccepted_LeavesTheCatalog(string content)
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 10))));
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(_index.Request(_index.Folder.Write("none.jsonl", content)) with { MaxRejected = 1 }));
        Assert.Equal("nothing_accepted", thrown.Code);
        Assert.Equal(10, (await _index.IdsAsync()).Count);
    }

    [Fact]
    public async Task Run_DryRun_CountsAndWritesNothing()
    {
        var first = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 20))) with { DryRun = true });
        Assert.Equal((20, 0, 0, 0), (first.Added, first.Updated, first.Kept, first.Deleted));
        Assert.False(Directory.Exists(_index.Data));
        Assert.False(Directory.Exists(Path.Combine(_index.Folder["catalogs"], "test")));

        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 20))));
        var source = _index.Source(Enumerable.Range(5, 20), i => i == 6 ? "other" : null!);
        File.AppendAllText(source, "{bad\n");
        var second = await _index.RunAsync(_index.Request(source) with { DryRun = true });
        Assert.Equal((5, 1, 14, 5, 1), (second.Added, second.Updated, second.Kept, second.Deleted, (int)second.Rejected));
        Assert.Null(second.Generation);
        Assert.Null(second.DeadLetterPath);
        Assert.Equal("invalid_json", Assert.Single(second.Rejections).Code);
        Assert.Equal(1, await _index.LiveAsync());
        Assert.False(Directory.Exists(Path.Combine(_index.Data, "dead-letters")));
    }

    [Fact]
    public async Task Run_FailureAtAnyWrite_LeavesTheLiveGeneration()
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 12))));
        var before = await _index.IdsAsync();
        for (var failAt = 1; ; failAt++)
        {
            Assert.True(failAt < 100);

            // Another source each time: the same one would go on where the last run stopped.
            var at = failAt;
            var changed = _index.Request(_index.Source(Enumerable.Range(6, 12), i => i < 9 ? $"other {at}" : null!)) with { MaxDeleted = 1 };
            var store = new FaultyStore(_index.Engine) { FailAt = failAt };
            try
            {
                await _index.RunAsync(changed, store);
                Assert.Equal(failAt - 1, store.Calls);
                Assert.True(failAt > 12);
                break;
            }
            catch (IOException)
            {
                Assert.Equal(1, await _index.LiveAsync());
                Assert.Equal(before, await _index.IdsAsync());
            }
        }

        Assert.Equal(2, await _index.LiveAsync());
        Assert.Equal(12, (await _index.IdsAsync()).Count);
    }

    [Fact]
    public async Task Run_ProductThatTheEngineRefuses_IsADeadLetterAndCountsAsRejected()
    {
        var store = new FaultyStore(_index.Engine) { Refuses = "p7" };
        var report = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 30))), store);
        Assert.Equal((1, 29), ((int)report.Rejected, report.Generation!.Products));
        Assert.Equal("poison", Assert.Single(report.Rejections).Code);
        Assert.Contains("\"productId\":\"p7\"", File.ReadAllText(report.DeadLetterPath!), StringComparison.Ordinal);
        Assert.Null(await _index.GetAsync("p7"));
        var strict = _index.Request(_index.Source(Enumerable.Range(0, 31))) with { MaxRejected = .01 };
        Assert.Equal("too_many_rejected", (await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(strict, store))).Code);
        Assert.Equal(1, await _index.LiveAsync());
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public async Task Run_BuildHoldsLessThanWritten_IsNotSwappedIn(int products, int vectors)
    {
        var store = new FaultyStore(_index.Engine) { Lie = r => r with { Products = r.Products + products, WithVector = r.WithVector + vectors } };
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 10))), store));
        Assert.Equal("verification_failed", thrown.Code);
        Assert.Equal(0, await _index.LiveAsync());
    }

    [Theory]
    [InlineData(ReindexStage.Reading)]
    [InlineData(ReindexStage.PreparingModel)]
    [InlineData(ReindexStage.Indexing)]
    public async Task Run_Cancelled_LeavesTheLiveGenerationAndNoFiles(ReindexStage stage)
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 10))));
        using var cancellation = new CancellationTokenSource();
        var progress = new Watcher(p =>
        {
            if (p.Stage == stage)
            {
                cancellation.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 2_000), _ => "other")), progress: progress, cancellationToken: cancellation.Token));
        Assert.Equal(1, await _index.LiveAsync());
        Assert.Equal(10, (await _index.IdsAsync()).Count);
        Assert.Empty(Directory.GetFiles(Path.Combine(_index.Data, "spool")));
        Assert.Equal(20, (await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 20))))).Accepted);
    }

    [Fact]
    public async Task Run_WithoutEmbedder_IndexesWords()
    {
        var job = new ReindexJob(_index.Engine, null, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ReindexJob>.Instance);
        var report = await job.RunAsync(_index.System, _index.Request(_index.Source(Enumerable.Range(0, 10))), null, CancellationToken.None);
        Assert.Equal("", report.Generation!.EmbeddingModel);
        Assert.Equal(0, report.Embedded);
        Assert.Equal(10, (await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 10))))).Embedded);
    }

    [Fact]
    public async Task Run_WhileAnotherBuildRuns_SaysBusy()
    {
        await using var build = await _index.Engine.BeginBuildAsync(_index.System, new CatalogBuildRequest("test", "n", "english", "", 0), CancellationToken.None);
        await Assert.ThrowsAsync<CatalogBusyException>(() => _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 3)))));
    }

    [Theory]
    [InlineData("Sample")]
    [InlineData("../x")]
    [InlineData("-a")]
    [InlineData("")]
    [InlineData("sample\n")]
    public async Task Run_CatalogName_IsChecked(string name) =>
        Assert.Equal("invalid_catalog_name", (await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(_index.Request("x", catalog: name)))).Code);

    [Fact]
    public async Task Run_ConfidentialRows_DoNotChangeTheModel()
    {
        var open = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, 100)), catalog: "open"));
        var mixed = await _index.RunAsync(_index.Request(
            _index.Source(Enumerable.Range(0, 150), i => i < 100 ? null! : "secret project", i => i < 100 ? "" : ",\"level\":\"confidential\",\"groups\":[\"board\"]"), catalog: "mixed"));
        Assert.Equal(open.Generation!.EmbeddingModel, mixed.Generation!.EmbeddingModel);
    }

    [Fact]
    public async Task Run_Csv_IsIndexed()
    {
        var source = _index.Folder.Write("a.csv", "id;name;text;price\n1;Lamp;warm;3\n2;Chair;soft;4\n");
        Assert.Equal(2, (await _index.RunAsync(_index.Request(source))).Added);
        Assert.Equal(4m, (await _index.GetAsync("2"))!.Price);
    }

    private sealed class Watcher(Action<ReindexProgress> action) : IProgress<ReindexProgress>
    {
        public void Report(ReindexProgress value) => action(value);
    }
}
