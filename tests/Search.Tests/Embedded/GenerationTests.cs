using System.Collections.Concurrent;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>Builds, swaps and roll-backs of the embedded engine, where they concern its files and its readers.</summary>
public sealed class GenerationTests
{
    [Fact]
    public async Task Build_KeepPutAndLeaveOut_ReportsAndServesExactlyThat()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(Products("a", "b", "c", "d"));
        await using var build = await engine.BeginAsync();
        Assert.Equal(4, build.PreviousProducts);
        build.Keep("a");
        build.Keep("b");
        await build.PutAsync(Given.Indexed(Given.Product("b", "kept, then replaced")), default);
        await build.PutAsync(Given.Indexed(Given.Product("c", "replaced")), default);
        await build.PutAsync(Given.Indexed(Given.Product("e", "first")), default);
        await build.PutAsync(Given.Indexed(Given.Product("e", "second")), default);
        Assert.Throws<InvalidOperationException>(() => build.Keep("a"));
        Assert.Throws<InvalidOperationException>(() => build.Keep("c"));
        Assert.Throws<InvalidOperationException>(() => build.Keep("z"));

        var report = await build.FinishAsync(deleteOthers: true, default);
        Assert.Equal(["a", "b", "c", "d"], await engine.VisibleIdsAsync(Given.System));
        await build.CommitAsync(default);

        Assert.Equal((4, 1, 2, 1, 1), (report.Products, report.Added, report.Updated, report.Kept, report.Deleted));
        Assert.Equal(["a", "b", "c", "e"], await engine.VisibleIdsAsync(Given.System));
        var names = (await engine.Catalog.GetAsync(Given.System, Given.Catalog, ["a", "b", "c", "e"], default)).Select(p => p.Name);
        Assert.Equal(["thing", "kept, then replaced", "replaced", "second"], names);
        Assert.Equal(0, (await engine.SearchAsync(Given.System, "first")).Total);
        Assert.Empty(await engine.VerifyAsync());
    }

    [Fact]
    public async Task Build_PartialWithoutDeletingOthers_KeepsThem()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(Products("a", "b", "c"));
        await using var build = await engine.BeginAsync();
        await build.PutAsync(Given.Indexed(Given.Product("b", "replaced")), default);
        var report = await build.FinishAsync(deleteOthers: false, default);
        await build.CommitAsync(default);

        Assert.Equal((3, 0, 1, 2, 0), (report.Products, report.Added, report.Updated, report.Kept, report.Deleted));
        Assert.Equal(["a", "b", "c"], await engine.VisibleIdsAsync(Given.System));
    }

    [Fact]
    public async Task Build_EverythingLeftOut_LeavesACatalogNobodySees()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(Products("a"));
        Assert.Equal(0, (await engine.BuildAsync([])).Products);

        Assert.Empty(await engine.VisibleIdsAsync(Given.System));
        Assert.Empty(await engine.VerifyAsync());
        await engine.BuildAsync(Products("b"));
        Assert.Equal(["b"], await engine.VisibleIdsAsync(Given.System));
    }

    [Fact]
    public async Task Build_ManySmallOnes_BoundsTheSegmentsAndTheFiles()
    {
        using var engine = new TestEngine(configure: o => o.MaxSegments = 4);
        await engine.BuildAsync(Enumerable.Range(0, 100).Select(i => Given.Product($"p{i:000}")));
        var expected = new SortedDictionary<string, string>(Enumerable.Range(0, 100).ToDictionary(i => $"p{i:000}", _ => "thing"), StringComparer.Ordinal);
        var random = Seed.Random(1);
        for (var build = 0; build < 30; build++)
        {
            await using var next = await engine.BeginAsync();
            var (put, dropped) = ($"p{random.Next(130):000}", $"p{random.Next(130):000}");
            foreach (var id in expected.Keys.Where(id => id != put && id != dropped))
            {
                next.Keep(id);
            }

            expected.Remove(dropped);
            expected[put] = $"build {build}";
            await next.PutAsync(Given.Indexed(Given.Product(put, $"build {build}")), default);
            await next.FinishAsync(deleteOthers: true, default);
            await next.CommitAsync(default);

            Assert.Equal(expected.Keys, await engine.VisibleIdsAsync(Given.System));
            Assert.Empty(await engine.VerifyAsync());
            Assert.True(engine.Files().Count(f => f.EndsWith(".seg", StringComparison.Ordinal)) <= 8, string.Join(' ', engine.Files()));
        }

        var products = (await engine.Catalog.GetAsync(Given.System, Given.Catalog, [.. expected.Keys.Take(100)], default)).ToDictionary(p => p.Id, p => p.Name);
        Assert.Equal(expected.Take(100).ToDictionary(), products);
    }

    [Fact]
    public async Task Build_MostOfASegmentIsDead_RewritesItSmaller()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(Enumerable.Range(0, 200).Select(i => Given.Product($"p{i:000}", "a thing with many words to store")));
        var full = (await engine.Catalog.ListGenerationsAsync(Given.System, Given.Catalog, default))[0].Bytes;
        await using var build = await engine.BeginAsync();
        build.Keep("p007");
        await build.FinishAsync(deleteOthers: true, default);
        var info = await build.CommitAsync(default);

        Assert.True(info.Bytes < full / 4, $"{info.Bytes} of {full}");
        Assert.Equal(["p007"], await engine.VisibleIdsAsync(Given.System));
    }

    [Fact]
    public async Task Build_AnotherAnalyzer_AnalysesKeptProductsAgain()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a", "running lamps")]);
        Assert.Equal(1, (await engine.SearchAsync(Given.System, "lamp")).Total);
        await using var build = await engine.BeginAsync(TestEngine.Request("plain"));
        build.Keep("a");
        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);

        Assert.Equal(1, (await engine.SearchAsync(Given.System, "lamps")).Total);
        Assert.Null((await engine.SearchAsync(Given.System, "lamps")).CorrectedText);
        Assert.NotNull((await engine.SearchAsync(Given.System, "lamp")).CorrectedText);
    }

    [Fact]
    public async Task Build_AnotherModel_DropsVectorsAndAttachments()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("a")], TestEngine.Request(model: "one", dimensions: 4), _ => [0, 1, 0, 0]);
        await using (var same = await engine.BeginAsync(TestEngine.Request(model: "one", dimensions: 4)))
        {
            var vectors = await same.ReadVectorsAsync(["a", "b"], default);
            Assert.True(vectors[0].Span[1] > .98f && Math.Abs(vectors[0].Span[0]) < .02f, string.Join(' ', vectors[0].ToArray()));
            Assert.True(vectors[1].IsEmpty);
            same.Keep("a");
            await same.AttachAsync("model", "bytes of model one"u8.ToArray(), default);
            Assert.Equal(1, (await same.FinishAsync(true, default)).WithVector);
            await same.CommitAsync(default);
        }

        await using (var other = await engine.BeginAsync(TestEngine.Request(model: "two", dimensions: 4)))
        {
            Assert.NotNull(await other.ReadAttachmentAsync("model", default));
            Assert.True((await other.ReadVectorsAsync(["a"], default))[0].IsEmpty);
            other.Keep("a");
            Assert.Equal(0, (await other.FinishAsync(true, default)).WithVector);
            await other.CommitAsync(default);
        }

        await using var after = await engine.BeginAsync(TestEngine.Request(model: "two", dimensions: 4));
        Assert.Null(await after.ReadAttachmentAsync("model", default));
    }

    [Fact]
    public async Task Attach_SeveralAndOneTwice_EachReadsBackAsAttachedLast()
    {
        using var engine = new TestEngine();
        await using (var build = await engine.BeginAsync())
        {
            await build.AttachAsync("one", "1"u8.ToArray(), default);
            await build.AttachAsync("one", "one"u8.ToArray(), default);
            await build.AttachAsync("two", "two"u8.ToArray(), default);
            await build.PutAsync(Given.Indexed(Given.Product("a")), default);
            await build.FinishAsync(true, default);
            await build.CommitAsync(default);
        }

        await using var next = await engine.BeginAsync();
        Assert.Equal("one"u8.ToArray(), await next.ReadAttachmentAsync("one", default));
        Assert.Equal("two"u8.ToArray(), await next.ReadAttachmentAsync("two", default));
        Assert.Empty(await engine.VerifyAsync());
    }

    [Fact]
    public async Task Put_PriceOrRatingNoColumnHolds_IsRefusedAndChangesNothing()
    {
        using var engine = new TestEngine();
        await using var build = await engine.BeginAsync();
        await build.PutAsync(Given.Indexed(Given.Product("a") with { Price = 1 }), default);
        foreach (var wrong in new[] { Given.Product("b") with { Price = 1.23456m }, Given.Product("b") with { Price = decimal.MaxValue }, Given.Product("b") with { Rating = double.NaN }, Given.Product(new string('x', 513)) })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => build.PutAsync(Given.Indexed(wrong), default).AsTask());
        }

        await build.PutAsync(Given.Indexed(Given.Product("c") with { Price = 3 }), default);
        var report = await build.FinishAsync(true, default);
        await build.CommitAsync(default);

        Assert.Equal(2, report.Products);
        Assert.Equal(["c"], await engine.AllIdsAsync(Given.System, new ProductQuery { Catalog = Given.Catalog, Filters = [QueryFilter.Range("price", 2, null)] }));
    }

    [Fact]
    public async Task Build_UsedAfterFinish_IsRefused()
    {
        using var engine = new TestEngine();
        await using var build = await engine.BeginAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => build.CommitAsync(default).AsTask());
        await build.FinishAsync(true, default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => build.PutAsync(Given.Indexed(Given.Product("late")), default).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => build.AttachAsync("late", default, default).AsTask());
    }

    [Fact]
    public async Task Rollback_Twice_IsForwardAgain()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(Products("a"));
        var nothing = await Assert.ThrowsAsync<CatalogRequestException>(() => engine.Catalog.RollbackAsync(Given.System, Given.Catalog, default).AsTask());
        Assert.Equal(CatalogErrors.NotFound, nothing.Code);
        await engine.BuildAsync(Products("a", "b"));

        var back = await engine.Catalog.RollbackAsync(Given.System, Given.Catalog, default);
        Assert.Equal(["a"], await engine.VisibleIdsAsync(Given.System));
        var forward = await engine.Catalog.RollbackAsync(Given.System, Given.Catalog, default);

        Assert.Equal(["a", "b"], await engine.VisibleIdsAsync(Given.System));
        Assert.Equal((3L, 4L), (back.Number, forward.Number));
        Assert.Equal(["rollback to 2", "rollback to 1"], (await engine.Catalog.ListGenerationsAsync(Given.System, Given.Catalog, default)).Select(g => g.Note));
        await engine.BuildAsync(Products("c"));
        Assert.Equal(["c"], await engine.VisibleIdsAsync(Given.System));
        Assert.Empty(await engine.VerifyAsync());
    }

    [Fact]
    public async Task BeginBuild_AnotherIsOpen_IsBusyForEveryInstance()
    {
        using var engine = new TestEngine();
        using var other = new TestEngine(engine.Folder);
        await using (await engine.BeginAsync())
        {
            await Assert.ThrowsAsync<CatalogBusyException>(() => engine.BeginAsync());
            await Assert.ThrowsAsync<CatalogBusyException>(() => other.BeginAsync());
            await Assert.ThrowsAsync<CatalogBusyException>(() => other.Catalog.RollbackAsync(Given.System, Given.Catalog, default).AsTask());
        }

        await using var free = await other.BeginAsync();
        Assert.Equal(1, free.Generation);
    }

    [Fact]
    public async Task Swap_ByAnotherInstance_IsSeen()
    {
        using var engine = new TestEngine();
        using var reader = new TestEngine(engine.Folder);
        Assert.Empty(await reader.VisibleIdsAsync(Given.System));
        for (var build = 0; build < 20; build++)
        {
            await engine.BuildAsync(Products($"p{build}"));
            Assert.Equal([$"p{build}"], await engine.VisibleIdsAsync(Given.System));
            Assert.Equal([$"p{build}"], await reader.VisibleIdsAsync(Given.System));
        }
    }

    [Fact]
    public async Task Build_Abandoned_ChangesNothingAndItsFilesGoWithTheNext()
    {
        using var engine = new TestEngine(configure: o => o.SegmentProducts = 64);
        await engine.BuildAsync(Products("a"));
        await using (var abandoned = await engine.BeginAsync())
        {
            for (var i = 0; i < 200; i++)
            {
                await abandoned.PutAsync(Given.Indexed(Given.Product($"lost{i}")), default);
            }

            await abandoned.AttachAsync("model", "lost"u8.ToArray(), default);
            await abandoned.FinishAsync(true, default);
        }

        Assert.Equal(["a"], await engine.VisibleIdsAsync(Given.System));
        Assert.Contains(engine.Files(), f => f.StartsWith("attachment-", StringComparison.Ordinal));
        await engine.BuildAsync(Products("b"));

        Assert.Equal(["manifest.json", "segment-1-0.seg", "segment-2-0.seg", "write.lock"], engine.Files());
    }

    [Fact]
    public async Task Read_WhileGenerationsAreSwapped_NeverFailsAndSeesOneGenerationWhole()
    {
        using var engine = new TestEngine();
        await engine.BuildAsync(Generation(0));
        using var done = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var failures = new ConcurrentQueue<string>();
        var reads = 0;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested && failures.IsEmpty)
            {
                try
                {
                    var page = await engine.SearchAsync(Given.System, new ProductQuery { Catalog = Given.Catalog, Text = "thing", PageSize = 50, Facets = [new("brand")] });
                    var brand = page.Hits[0].Product!.Brand;
                    if (page.Total != 20 || page.Hits.Any(h => h.Product!.Brand != brand) || page.Facets[0].DistinctValues != 1)
                    {
                        failures.Enqueue($"generation {page.Generation} is mixed");
                    }

                    Interlocked.Increment(ref reads);
                }
                catch (Exception e)
                {
                    failures.Enqueue(e.ToString());
                }
            }
        })).ToArray();
        for (var swap = 1; swap <= 30; swap++)
        {
            await engine.BuildAsync(Generation(swap));
            while (Volatile.Read(ref reads) < swap && failures.IsEmpty && !done.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(failures);
        Assert.True(reads >= 30, $"{reads} reads");
    }

    [Fact]
    public async Task Write_WithoutASystemScope_IsRefused()
    {
        using var engine = new TestEngine();
        var caller = Given.Member();
        await Assert.ThrowsAsync<AccessRefusedException>(() => engine.Catalog.BeginBuildAsync(caller, TestEngine.Request(), default).AsTask());
        await Assert.ThrowsAsync<AccessRefusedException>(() => engine.Catalog.RollbackAsync(caller, Given.Catalog, default).AsTask());
        await Assert.ThrowsAsync<AccessRefusedException>(() => engine.Catalog.VerifyAsync(caller, Given.Catalog, default).AsTask());
        await Assert.ThrowsAsync<AccessRefusedException>(() => engine.Catalog.ListGenerationsAsync(caller, Given.Catalog, default).AsTask());
    }

    private static IEnumerable<Product> Products(params string[] ids) => ids.Select(id => Given.Product(id));

    private static IEnumerable<Product> Generation(int number) => Enumerable.Range(0, 20).Select(i => Given.Product($"p{i:00}") with { Brand = $"brand {number}" });
}
