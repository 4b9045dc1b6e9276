using System.Buffers.Binary;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>Damaged files are reported by verification, never kill the process, and never stand in the way of indexing again.</summary>
public sealed class DamageTests
{
    private const int EntryBytes = 20;
    private const int FooterBytes = 24;
    private const int Dimensions = 32;

    private static readonly string[] Queries = ["red lamp", "\"red lamp\"", "lmap", "lamp without shade", "head set", "kettle", ""];

    public static TheoryData<string> Sections => [.. Enum.GetNames<SegmentSection>().Where(n => n != nameof(SegmentSection.Count))];

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task Segment_BytesOfASectionFlipped_AreReportedAndDoNotKill(string name)
    {
        using var engine = await BuiltAsync();
        var file = Path.Combine(engine.CatalogFolder, "segment-2-0.seg");
        var sound = await File.ReadAllBytesAsync(file);
        var (offset, length) = Place(sound, Enum.Parse<SegmentSection>(name));
        Assert.True(length > 0, $"the section {name} is empty: the test proves nothing");
        foreach (var (at, mask) in Flips(length))
        {
            var damaged = sound.ToArray();
            damaged[offset + at] ^= mask;
            await ReplaceAsync(file, damaged);
            using var other = new TestEngine(engine.Folder);
            Assert.NotEmpty(await other.VerifyAsync());
            await ReadEverythingAsync(other);
        }

        using var rebuilt = new TestEngine(engine.Folder);
        await rebuilt.BuildAsync([Given.Product("again")]);
        Assert.Empty(await rebuilt.VerifyAsync());
        Assert.Equal(["again"], await rebuilt.VisibleIdsAsync(Given.System));
    }

    /// <summary>Levels, groups, regions and what data filters compare: a flipped bit in them could show a hidden product, so nothing at all is shown.</summary>
    [Theory]
    [InlineData(nameof(SegmentSection.KeywordValues))]
    [InlineData(nameof(SegmentSection.KeywordPostings))]
    [InlineData(nameof(SegmentSection.KeywordPostingOffsets))]
    [InlineData(nameof(SegmentSection.KeywordCounts))]
    [InlineData(nameof(SegmentSection.Ids))]
    [InlineData(nameof(SegmentSection.PriceColumn))]
    [InlineData(nameof(SegmentSection.RatingColumn))]
    public async Task Segment_WhatDecidesAccessIsDamaged_NothingIsShown(string name)
    {
        using var engine = await BuiltAsync();
        var file = Path.Combine(engine.CatalogFolder, "segment-2-0.seg");
        var sound = await File.ReadAllBytesAsync(file);
        var (offset, length) = Place(sound, Enum.Parse<SegmentSection>(name));
        foreach (var (at, mask) in Flips(length))
        {
            var damaged = sound.ToArray();
            damaged[offset + at] ^= mask;
            await ReplaceAsync(file, damaged);
            using var other = new TestEngine(engine.Folder);
            Assert.Empty(await other.VisibleIdsAsync(Given.System));
        }
    }

    [Fact]
    public async Task Segment_CutAnywhere_IsReportedAndAnsweredAsMissing()
    {
        using var engine = await BuiltAsync();
        var file = Path.Combine(engine.CatalogFolder, "segment-2-0.seg");
        var sound = await File.ReadAllBytesAsync(file);
        foreach (var length in new[] { 0, 1, 63, 64, 100, sound.Length / 2, sound.Length - FooterBytes, sound.Length - 1 })
        {
            await ReplaceAsync(file, sound[..length]);
            using var other = new TestEngine(engine.Folder);
            Assert.NotEmpty(await other.VerifyAsync());
            Assert.Empty(await other.VisibleIdsAsync(Given.System));
            Assert.Empty(await other.VisibleIdsAsync(Given.System));
            Assert.Empty(await other.Catalog.ListCatalogsAsync(Given.System, default));
        }

        File.Delete(file);
        using var without = new TestEngine(engine.Folder);
        Assert.NotEmpty(await without.VerifyAsync());
        await without.BuildAsync([Given.Product("again")]);
        Assert.Empty(await without.VerifyAsync());
    }

    [Fact]
    public async Task Footer_AnyByteFlipped_IsReported()
    {
        using var engine = await BuiltAsync();
        var file = Path.Combine(engine.CatalogFolder, "segment-2-0.seg");
        var sound = await File.ReadAllBytesAsync(file);
        var table = EntryBytes * (int)SegmentSection.Count;
        for (var at = sound.Length - FooterBytes - table; at < sound.Length; at += at < sound.Length - FooterBytes ? 7 : 1)
        {
            var damaged = sound.ToArray();
            damaged[at] ^= 0x81;
            await ReplaceAsync(file, damaged);
            using var other = new TestEngine(engine.Folder);
            Assert.NotEmpty(await other.VerifyAsync());
            Assert.Empty(await other.VisibleIdsAsync(Given.System));
        }
    }

    [Theory]
    [InlineData("*.bits")]
    [InlineData("attachment*")]
    public async Task OtherFile_DamagedOrCut_IsReported(string pattern)
    {
        using var engine = await BuiltAsync();
        var file = Assert.Single(Directory.EnumerateFiles(engine.CatalogFolder, pattern));
        var sound = await File.ReadAllBytesAsync(file);
        for (var at = 0; at < sound.Length; at++)
        {
            var damaged = sound.ToArray();
            damaged[at] ^= 0x10;
            await ReplaceAsync(file, damaged);
            using var other = new TestEngine(engine.Folder);
            Assert.NotEmpty(await other.VerifyAsync());
        }

        await ReplaceAsync(file, sound[..^1]);
        using (var other = new TestEngine(engine.Folder))
        {
            Assert.NotEmpty(await other.VerifyAsync());
        }

        await ReplaceAsync(file, sound);
        using var mended = new TestEngine(engine.Folder);
        Assert.Empty(await mended.VerifyAsync());
    }

    [Fact]
    public async Task Manifest_AnyByteFlippedOrCut_IsReportedAndTheNextBuildWorks()
    {
        using var engine = await BuiltAsync();
        var file = Path.Combine(engine.CatalogFolder, "manifest.json");
        var sound = await File.ReadAllBytesAsync(file);
        var meaning = Given.Json(await engine.Catalog.ListGenerationsAsync(Given.System, Given.Catalog, default));
        var visible = await engine.VisibleIdsAsync(Given.System);
        var harmless = 0;
        for (var at = 0; at < sound.Length; at++)
        {
            foreach (var mask in new byte[] { 0x01, 0x80 })
            {
                var damaged = sound.ToArray();
                damaged[at] ^= mask;
                await ReplaceAsync(file, damaged);
                using var other = new TestEngine(engine.Folder);
                if ((await other.VerifyAsync()).Count > 0)
                {
                    Assert.Empty(await other.VisibleIdsAsync(Given.System));
                    continue;
                }

                // Spelled otherwise, saying the same: a property that is zero anyway, a blank that is another blank.
                harmless++;
                Assert.Equal(meaning, Given.Json(await other.Catalog.ListGenerationsAsync(Given.System, Given.Catalog, default)));
                Assert.Equal(visible, await other.VisibleIdsAsync(Given.System));
            }
        }

        Assert.True(harmless < sound.Length / 10, $"{harmless} of {2 * sound.Length} flips were not noticed");
        for (var length = 0; length < sound.Length; length += 11)
        {
            await ReplaceAsync(file, sound[..length]);
            using var other = new TestEngine(engine.Folder);
            Assert.NotEmpty(await other.VerifyAsync());
        }

        using var rebuilt = new TestEngine(engine.Folder);
        await rebuilt.BuildAsync([Given.Product("again")]);
        Assert.Empty(await rebuilt.VerifyAsync());
        Assert.Equal(["again"], await rebuilt.VisibleIdsAsync(Given.System));
    }

    [Fact]
    public async Task Manifest_DamagedUnderALiveEngine_KeepsServingAndShowsTheRebuildUnderANewNumber()
    {
        using var engine = await BuiltAsync();
        var number = (await engine.SearchAsync(Given.System, "lamp")).Generation;
        await engine.Catalog.RollbackAsync(Given.System, Given.Catalog, default);
        var live = (await engine.SearchAsync(Given.System, "lamp")).Generation;
        var file = Path.Combine(engine.CatalogFolder, "manifest.json");
        var damaged = await File.ReadAllBytesAsync(file);
        damaged[damaged.Length / 2] ^= 1;
        await ReplaceAsync(file, damaged);

        Assert.Equal(live, (await engine.SearchAsync(Given.System, "lamp")).Generation);
        await engine.BuildAsync([Given.Product("again")]);

        var rebuilt = await engine.SearchAsync(Given.System, "");
        Assert.Equal("again", Assert.Single(rebuilt.Hits).Id);
        Assert.True(rebuilt.Generation > live && live > number, $"{number}, {live}, {rebuilt.Generation}");
    }

    [Fact]
    public async Task ListCatalogs_OneIsDamaged_StillListsTheOthers()
    {
        using var engine = await BuiltAsync();
        await using (var build = await engine.BeginAsync(TestEngine.Request() with { Catalog = "other" }))
        {
            await build.PutAsync(Given.Indexed(Given.Product("o")), default);
            await build.FinishAsync(true, default);
            await build.CommitAsync(default);
        }

        await File.WriteAllTextAsync(Path.Combine(engine.CatalogFolder, "manifest.json"), "{");
        using var fresh = new TestEngine(engine.Folder);

        Assert.Equal("other", Assert.Single(await fresh.Catalog.ListCatalogsAsync(Given.System, default)).Name);
    }

    /// <summary>Two generations, with tombstones, vectors and an attachment, in the live one.</summary>
    private static async Task<TestEngine> BuiltAsync()
    {
        var engine = new TestEngine();
        await engine.BuildAsync([Given.Product("old", "old lamp")]);
        await using var build = await engine.BeginAsync(TestEngine.Request(model: "m", dimensions: Dimensions));
        for (var i = 0; i < 70; i++)
        {
            var product = Given.Product($"p{i:00}", i % 2 == 0 ? "red lamp with shade" : "steel kettle headset") with
            {
                Brand = i % 3 == 0 ? "Acme" : "Bolt",
                Class = "Lamps",
                CategoryPath = ["Home", "Lamps"],
                Price = i,
                Description = "a head set of lamps, without shade",
                RestrictedRegions = i % 9 == 0 ? ["EU"] : [],
            };
            var vector = new float[Dimensions];
            vector[i % Dimensions] = 1;
            await build.PutAsync(Given.Indexed(product, vector) with { Version = i + 1 }, default);
        }

        await build.PutAsync(Given.Indexed(Given.Product("p00", "replaced lamp")), default);
        await build.AttachAsync("note", "attached"u8.ToArray(), default);
        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
        return engine;
    }

    /// <summary>Whether these reads answer or fail is not the point (payload is checked by verification, not on every read): that the process lives on is.</summary>
    private static async Task ReadEverythingAsync(TestEngine engine)
    {
        var requests = Queries
            .SelectMany(q => new Func<Task>[]
            {
                () => engine.SearchAsync(Given.System, new ProductQuery { Catalog = Given.Catalog, Text = q, PageSize = 100, Facets = [new("brand"), new("category")], IncludeHighlights = true }),
                () => engine.SearchAsync(Given.Member(), new ProductQuery { Catalog = Given.Catalog, Text = q, Sort = ProductSort.PriceDescending }),
            })
            .Append(() => engine.Catalog.GetAsync(Given.System, Given.Catalog, [.. Enumerable.Range(0, 70).Select(i => $"p{i:00}")], default).AsTask())
            .Append(() => engine.Catalog.ListFacetsAsync(Given.System, new FacetQuery { Catalog = Given.Catalog }, default).AsTask())
            .Append(() => engine.Catalog.SuggestAsync(Given.System, new SuggestQuery { Catalog = Given.Catalog, Prefix = "l" }, default).AsTask())
            .Append(() => engine.Catalog.FindSimilarAsync(Given.System, new SimilarQuery { Catalog = Given.Catalog, Id = "p07" }, default).AsTask());
        foreach (var request in requests)
        {
            try
            {
                await request();
            }
            catch (Exception e) when (e is InvalidDataException or CatalogRequestException or IndexOutOfRangeException or ArgumentException or OverflowException)
            {
            }
        }
    }

    private static IEnumerable<(int At, byte Mask)> Flips(int length)
    {
        foreach (var at in new[] { 0, length / 3, length / 2, length - 1 }.Distinct())
        {
            yield return (at, 0x80);
            yield return (at, 0xFF);
            yield return (at, 0x01);
        }
    }

    private static (int Offset, int Length) Place(byte[] file, SegmentSection section)
    {
        var table = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(file.Length - FooterBytes));
        var entry = file.AsSpan(table + ((int)section * EntryBytes));
        return ((int)BinaryPrimitives.ReadInt64LittleEndian(entry), (int)BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
    }

    /// <summary>Another file under the name: what is mapped already must not change under its reader.</summary>
    private static async Task ReplaceAsync(string file, byte[] content)
    {
        await File.WriteAllBytesAsync(file + ".tmp", content);
        File.Move(file + ".tmp", file, overwrite: true);
    }
}
