using System.Text;
using AiPlatform.Core.Catalog;
using Xunit;

namespace AiPlatform.Contracts.Tests.Catalog;

/// <summary>What every engine owes to whoever builds: going on after a kill, deletions, versions, and a look at what is not live yet.</summary>
public abstract partial class CatalogContract
{
    private const string Key = "suite:1";

    [SkippableFact]
    public async Task Resume_AbandonedBuild_GoesOnFromItsLastCheckpoint()
    {
        var before = await AllAsync(CatalogScopes.System, Browse());
        var products = Numbered(0, 60);
        await using (var build = await BeginAsync())
        {
            Assert.Equal(0, await build.ResumeAsync(Key, default));
            await build.AttachAsync("notes", "first"u8.ToArray(), default);
            await PutAllAsync(build, products[..20]);
            await build.CheckpointAsync(20, default);
            await PutAllAsync(build, products[20..40]);
            await build.CheckpointAsync(40, default);
            await PutAllAsync(build, Numbered(900, 950));
            await build.AttachAsync("notes", "never acknowledged"u8.ToArray(), default);
        }

        Assert.Equal(before, await AllAsync(CatalogScopes.System, Browse()));
        await using (var build = await BeginAsync())
        {
            Assert.Equal(40, await build.ResumeAsync(Key, default));
            Assert.Equal("first"u8.ToArray(), await build.ReadAttachmentAsync("notes", default));
            await PutAllAsync(build, products[40..]);
            var report = await build.FinishAsync(deleteOthers: true, default);
            Assert.Equal((60, 60, 0, 0, before.Count), (report.Products, report.Added, report.Updated, report.Kept, report.Deleted));
            Assert.Equal(60, (await build.CommitAsync(default)).Products);
        }

        Assert.Equal(Ids(products), Sorted(await AllAsync(CatalogScopes.System, Browse())));
        Assert.Equal(Json(products), Json(await _index.GetAsync(CatalogScopes.System, CatalogProducts.Name, [.. products.Select(p => p.Id)], default)));
        Assert.Empty(await _store.VerifyAsync(CatalogScopes.System, CatalogProducts.Name, default));
        await using var next = await BeginAsync();
        Assert.Equal(0, await next.ResumeAsync(Key, default));
        Assert.Equal("first"u8.ToArray(), await next.ReadAttachmentAsync("notes", default));
    }

    [SkippableFact]
    public async Task Resume_AfterEveryCheckpoint_LosesAndDoublesNothing()
    {
        var all = CatalogProducts.All;
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        for (var at = 0; at <= 8; at++)
        {
            await using var build = await BeginAsync();
            Assert.Equal(at, await build.ResumeAsync(Key, default));
            if (at == 8)
            {
                var report = await build.FinishAsync(deleteOthers: true, default);
                Assert.Equal((24 + 16, 24, 8, 8), (report.Products, report.Added, report.Updated, report.Kept));
                await build.CommitAsync(default);
                continue;
            }

            // One kept, one replaced, three new, one kept and one new taken out again, the first new of the round before replaced.
            build.Keep(all[at * 10].Id);
            build.Keep(all[(at * 10) + 1].Id);
            Assert.True(build.Delete(all[(at * 10) + 1].Id));
            await PutAllAsync(build, [all[(at * 10) + 2] with { Name = "replaced" }, .. Numbered(at * 10, (at * 10) + 4)]);
            Assert.True(build.Delete($"new-{(at * 10) + 3}"));
            await PutAllAsync(build, at == 0 ? [] : Numbered((at - 1) * 10, ((at - 1) * 10) + 1));
            expected.UnionWith([all[at * 10].Id, all[(at * 10) + 2].Id, $"new-{at * 10}", $"new-{(at * 10) + 1}", $"new-{(at * 10) + 2}"]);
            await build.CheckpointAsync(at + 1, default);
            await PutAllAsync(build, Numbered(800, 800 + at));
            build.Delete(all[at * 10].Id);
        }

        Assert.Equal(expected, Sorted(await AllAsync(CatalogScopes.System, Browse())));
        Assert.Empty(await _store.VerifyAsync(CatalogScopes.System, CatalogProducts.Name, default));
    }

    [SkippableFact]
    public async Task Resume_AnotherKeyOrAnotherStart_StartsAnewAndLeavesNothing()
    {
        async Task AbandonAsync()
        {
            await using var build = await BeginAsync();
            Assert.Equal(0, await build.ResumeAsync(Key, default));
            await PutAllAsync(build, Numbered(0, 30));
            await build.CheckpointAsync(30, default);
        }

        await AbandonAsync();
        await using (var looked = await BeginAsync())
        {
            // Only looked at: the abandoned build stays.
            Assert.NotNull(looked.Find(CatalogProducts.All[0].Id));
        }

        await using (var other = await BeginAsync())
        {
            Assert.Equal(0, await other.ResumeAsync("suite:2", default));
            await PutAllAsync(other, Numbered(100, 103));
            Assert.Equal(3, (await other.FinishAsync(deleteOthers: true, default)).Products);
        }

        await using (var gone = await BeginAsync())
        {
            Assert.Equal(0, await gone.ResumeAsync(Key, default));
        }

        await AbandonAsync();
        await BuildAsync(CatalogProducts.Name, CatalogProducts.All);
        await using var build = await BeginAsync();
        Assert.Equal(0, await build.ResumeAsync(Key, default));
        await PutAllAsync(build, Numbered(200, 205));
        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
        Assert.Equal(Ids(Numbered(200, 205)), Sorted(await AllAsync(CatalogScopes.System, Browse())));
    }

    [SkippableFact]
    public async Task Resume_WithVectors_KeepsModelAndVectors()
    {
        await using (var build = await BeginAsync())
        {
            Assert.Equal(0, await build.ResumeAsync(Key, default));
            build.UseEmbeddings("model-a", 4);
            await PutAllAsync(build, Numbered(0, 10), [1, 0, 0, 0]);
            await build.CheckpointAsync(10, default);
        }

        await using (var build = await BeginAsync())
        {
            Assert.Equal(10, await build.ResumeAsync(Key, default));
            build.UseEmbeddings("model-a", 4);
            await PutAllAsync(build, Numbered(10, 20), [0, 1, 0, 0]);
            Assert.Equal(20, (await build.FinishAsync(deleteOthers: true, default)).WithVector);
            Assert.Equal(("model-a", 4), await build.CommitAsync(default) is var live ? (live.EmbeddingModel, live.Dimensions) : default);
        }

        await using var next = await BeginAsync();
        next.UseEmbeddings("model-a", 4);
        var vectors = await next.ReadVectorsAsync(["new-3", "new-13", "never"], default);
        Assert.Equal([1f, 0f, 0f, 0f], vectors[0].ToArray().Select(v => MathF.Round(v, 1)));
        Assert.Equal([0f, 1f, 0f, 0f], vectors[1].ToArray().Select(v => MathF.Round(v, 1)));
        Assert.True(vectors[2].IsEmpty);
        Assert.True(next.Find("new-3")!.Value.HasVector);
    }

    [SkippableFact]
    public async Task Resume_TwiceOrAfterAWriteOrWithoutAName_IsRefused()
    {
        await using (var build = await BeginAsync())
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => build.ResumeAsync("", default).AsTask());
            await Assert.ThrowsAnyAsync<ArgumentException>(() => build.ResumeAsync(new string('k', 129), default).AsTask());
            await build.ResumeAsync(Key, default);
            await Assert.ThrowsAsync<InvalidOperationException>(() => build.ResumeAsync(Key, default).AsTask());
            await Assert.ThrowsAnyAsync<ArgumentException>(() => build.CheckpointAsync(0, default).AsTask());
        }

        await using var written = await BeginAsync();
        await PutAllAsync(written, Numbered(0, 1));
        await written.CheckpointAsync(1, default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => written.ResumeAsync(Key, default).AsTask());
    }

    [SkippableFact]
    public async Task Delete_InAnIncrementalBuild_TakesOutOldAndNew()
    {
        var all = CatalogProducts.All;
        await using (var build = await BeginAsync())
        {
            Assert.True(build.Delete(all[0].Id));
            Assert.False(build.Delete(all[0].Id));
            Assert.False(build.Delete("never"));
            await PutAllAsync(build, [.. Numbered(0, 3), all[1] with { Name = "replaced" }, all[2] with { Name = "replaced" }]);
            Assert.True(build.Delete("new-0"));
            Assert.False(build.Delete("new-0"));
            Assert.True(build.Delete(all[1].Id));
            Assert.True(build.Delete(all[3].Id));
            await PutAllAsync(build, [all[3] with { Name = "back" }]);
            Assert.True(build.Delete("new-1"));
            await PutAllAsync(build, [Numbered(1, 2)[0] with { Name = "back as well" }]);
            var report = await build.FinishAsync(deleteOthers: false, default);
            Assert.Equal((all.Length, 2, 2, all.Length - 4, 2), (report.Products, report.Added, report.Updated, report.Kept, report.Deleted));
            await build.CommitAsync(default);
        }

        var expected = all.Select(p => p.Id).Except([all[0].Id, all[1].Id]).Concat(["new-1", "new-2"]);
        Assert.Equal(Sorted(expected), Sorted(await AllAsync(CatalogScopes.System, Browse())));
        var read = await _index.GetAsync(CatalogScopes.System, CatalogProducts.Name, [all[0].Id, all[2].Id, all[3].Id, "new-1"], default);
        Assert.Equal(["replaced", "back", "back as well"], read.Select(p => p.Name));
        Assert.Empty(await _store.VerifyAsync(CatalogScopes.System, CatalogProducts.Name, default));
    }

    [SkippableFact]
    public async Task Version_OfAProduct_StaysWithItThroughEveryKindOfBuild()
    {
        await using (var build = await BeginAsync())
        {
            var products = Numbered(0, 10);
            for (var i = 0; i < products.Length; i++)
            {
                await build.PutAsync(new IndexedProduct(products[i], new ContentHash(7, (ulong)i), default, default, i * 1_000_000_007L), default);
            }

            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        await using (var build = await BeginAsync())
        {
            Assert.Equal(Enumerable.Range(0, 10).Select(i => i * 1_000_000_007L), Enumerable.Range(0, 10).Select(i => build.Find($"new-{i}")!.Value.Version));
            build.Keep("new-3");
            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        await using (var build = await _store.BeginBuildAsync(CatalogScopes.System, Request(CatalogProducts.Name) with { Analyzer = "plain" }, default))
        {
            // Everything is written again for the other analyzer.
            await PutAllAsync(build, Numbered(20, 21));
            await build.FinishAsync(deleteOthers: false, default);
            await build.CommitAsync(default);
        }

        await using var last = await BeginAsync();
        Assert.Equal((3 * 1_000_000_007L, new ContentHash(7, 3)), last.Find("new-3") is { } stamp ? (stamp.Version, stamp.Content) : default);
        Assert.Equal(0, last.Find("new-20")!.Value.Version);
    }

    [SkippableFact]
    public async Task Candidate_OfAFinishedBuild_AnswersTheNewGenerationToEachScopeAndNobodyElse()
    {
        var all = CatalogProducts.All;
        var next = all.Skip(40).Append(CatalogProducts.Plain("fresh", "fresh lamp") with { Brand = "Acme", Price = 1, Currency = "EUR" }).ToArray();
        var live = await AllAsync(CatalogScopes.Staff, Browse());
        await using (var build = await BeginAsync())
        {
            Assert.Throws<InvalidOperationException>(() => build.Candidate);
            await PutAllAsync(build, next);
            await build.FinishAsync(deleteOthers: true, default);
            var candidate = build.Candidate;
            foreach (var scope in CatalogScopes.Seeing)
            {
                var visible = next.Where(p => CatalogOracle.Visible(scope).Contains(p) || p.Id == "fresh").ToArray();
                var page = await candidate.SearchAsync(scope, Browse(), default);
                Assert.Equal((visible.Length, build.Generation), (page.Total!.Value, page.Generation));
                var seen = page.Hits.Select(h => h.Id).Concat(page.NextCursor is null ? [] : (await candidate.SearchAsync(scope, Browse() with { Cursor = page.NextCursor }, default)).Hits.Select(h => h.Id));
                Assert.Equal(Ids(visible), Sorted(seen));
                Assert.Equal(Json(visible.Take(5)), Json(await candidate.GetAsync(scope, CatalogProducts.Name, [.. visible.Take(5).Select(p => p.Id)], default)));
                Assert.Equal(visible.Length, Assert.Single(await candidate.ListCatalogsAsync(scope, default)).VisibleProducts);
            }

            foreach (var scope in CatalogScopes.Blind)
            {
                await AssertCode(CatalogErrors.UnknownCatalog, () => candidate.SearchAsync(scope, Browse(), default).AsTask());
            }

            await AssertCode(CatalogErrors.UnknownCatalog, () => candidate.SearchAsync(CatalogScopes.System, Browse() with { Catalog = "another" }, default).AsTask());
            Assert.Equal(live, await AllAsync(CatalogScopes.Staff, Browse()));
        }

        Assert.Equal(live, await AllAsync(CatalogScopes.Staff, Browse()));
    }

    [SkippableFact]
    public async Task Attachment_OfTheBuild_ComesBeforeTheOneOfItsStart()
    {
        await using (var build = await BeginAsync())
        {
            await build.AttachAsync("notes", "old"u8.ToArray(), default);
            await PutAllAsync(build, Numbered(0, 2));
            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        await using var next = await BeginAsync();
        Assert.Equal("old", Encoding.UTF8.GetString((await next.ReadAttachmentAsync("notes", default))!));
        await next.AttachAsync("notes", "new"u8.ToArray(), default);
        Assert.Equal("new", Encoding.UTF8.GetString((await next.ReadAttachmentAsync("notes", default))!));
        Assert.Null(await next.ReadAttachmentAsync("never", default));
    }

    private static Product[] Numbered(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => CatalogProducts.Plain($"new-{i}", $"new lamp {i}"))];

    private static async Task PutAllAsync(ICatalogBuild build, IEnumerable<Product> products, float[]? vector = null)
    {
        foreach (var product in products)
        {
            await build.PutAsync(new IndexedProduct(product, default, default, vector), default);
        }
    }

    private async Task<ICatalogBuild> BeginAsync() => await _store.BeginBuildAsync(CatalogScopes.System, Request(CatalogProducts.Name), default);
}
