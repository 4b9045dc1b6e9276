using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>Fault injection over every operation of the writer: after a kill or a power cut there is the old generation or the new one, whole.</summary>
public sealed class CrashTests
{
    private static readonly string[] Old = ["a", "b", "c", "d"];
    private static readonly string[] New = ["a", "b", "d", "e"];
    private static readonly string[] Oldest = ["a", "x"];

    public enum Flavour
    {
        ProcessKilled,
        PowerLostWithEntries,
        PowerLostEntriesKept,
    }

    [Theory]
    [InlineData(Flavour.ProcessKilled)]
    [InlineData(Flavour.PowerLostWithEntries)]
    [InlineData(Flavour.PowerLostEntriesKept)]
    public async Task Build_StoppedAtEveryOperation_LeavesTheOldOrTheNewGeneration(Flavour flavour)
    {
        using var template = new TestEngine();
        await PrepareAsync(template);
        var (oldSeen, newSeen) = (0, 0);
        for (var at = 1; ; at++)
        {
            var (crashed, state) = await RunAsync(template, at, flavour, UpdateAsync, Old, New);
            oldSeen += state.SequenceEqual(Old) ? 1 : 0;
            newSeen += state.SequenceEqual(New) ? 1 : 0;
            if (!crashed)
            {
                break;
            }
        }

        // Removing old files comes after the swap: some stops must leave the new generation, and many the old.
        Assert.True(oldSeen > 50 && newSeen > 2, $"old {oldSeen}, new {newSeen}");
    }

    [Theory]
    [InlineData(Flavour.ProcessKilled)]
    [InlineData(Flavour.PowerLostWithEntries)]
    [InlineData(Flavour.PowerLostEntriesKept)]
    public async Task Rollback_StoppedAtEveryOperation_LeavesTheOldOrTheNewGeneration(Flavour flavour)
    {
        using var template = new TestEngine();
        await PrepareAsync(template);
        var stops = 0;
        for (var at = 1; ; at++, stops++)
        {
            var (crashed, _) = await RunAsync(template, at, flavour, e => e.Catalog.RollbackAsync(Given.System, Given.Catalog, default).AsTask(), Old, Oldest);
            if (!crashed)
            {
                break;
            }
        }

        Assert.True(stops >= 5, $"{stops} stops");
    }

    [Fact]
    public async Task FirstBuild_StoppedAtEveryOperation_LeavesNothingOrTheWholeCatalog()
    {
        using var template = new TestEngine();
        foreach (var flavour in Enum.GetValues<Flavour>())
        {
            var crashed = true;
            for (var at = 1; crashed; at++)
            {
                (crashed, _) = await RunAsync(template, at, flavour, e => e.BuildAsync(Old.Select(id => Given.Product(id))), [], Old);
            }
        }
    }

    [Theory]
    [InlineData(Flavour.ProcessKilled)]
    [InlineData(Flavour.PowerLostWithEntries)]
    [InlineData(Flavour.PowerLostEntriesKept)]
    public async Task ResumableBuild_StoppedAtEveryOperation_IsContinuedToTheSameEnd(Flavour flavour)
    {
        using var template = new TestEngine();
        await PrepareAsync(template);
        var resumed = new SortedSet<long>();
        for (var (at, crashed) = (1, true); crashed; at++)
        {
            var folder = Directory.CreateTempSubdirectory("aip-crash-").FullName;
            try
            {
                Copy(template.Folder, folder);
                crashed = await StopAsync(folder, at, flavour);
                using var engine = new TestEngine(folder, o => o.SegmentProducts = 64);
                var found = await engine.VisibleIdsAsync(Given.System);
                Assert.True(found.SequenceEqual(Many) || found.SequenceEqual(Old), $"{flavour} at {at}: found {found.Length} products");
                if (found.SequenceEqual(Old))
                {
                    resumed.Add(await ResumeAsync(engine));
                    Assert.DoesNotContain(engine.Files(), f => f.StartsWith("build.log", StringComparison.Ordinal));
                }

                Assert.True((await engine.VisibleIdsAsync(Given.System)).SequenceEqual(Many), $"{flavour} at {at}");
                Assert.Empty(await engine.VerifyAsync());
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        // It was continued from nothing and from every one of its checkpoints.
        Assert.Equal([0L, 15, 30, 45, 60], resumed);
    }

    private static readonly string[] Many = [.. Enumerable.Range(0, 60).Select(i => $"m{i:000}").Append("a").Order(StringComparer.Ordinal)];

    private static async Task<bool> StopAsync(string folder, int at, Flavour flavour)
    {
        CrashingDirectory? directory = null;
        using (var engine = new TestEngine(folder, o => o.SegmentProducts = 64, directories: p => directory = new CrashingDirectory(p, at)))
        {
            try
            {
                await ResumeAsync(engine);
            }
            catch (SimulatedCrashException)
            {
            }
        }

        if (directory!.Crashed && flavour != Flavour.ProcessKilled)
        {
            directory.LosePower(entriesLost: flavour == Flavour.PowerLostWithEntries);
        }

        return directory.Crashed;
    }

    /// <summary>Keeps one and puts 60, twice each, with a checkpoint behind every 15; segments close after 64.</summary>
    private static async Task<long> ResumeAsync(TestEngine engine)
    {
        await using var build = await engine.BeginAsync();
        var from = await build.ResumeAsync("many", default);
        if (from == 0)
        {
            build.Keep("a");
            await build.AttachAsync("model", "new model"u8.ToArray(), default);
        }

        for (var i = from; i < 60; i++)
        {
            await build.PutAsync(Given.Indexed(Given.Product($"m{i:000}", "first")), default);
            await build.PutAsync(Given.Indexed(Given.Product($"m{i:000}", "second")), default);
            if ((i + 1) % 15 == 0)
            {
                await build.CheckpointAsync(i + 1, default);
            }
        }

        Assert.Equal("new model"u8.ToArray(), await build.ReadAttachmentAsync("model", default));
        Assert.Equal(61, (await build.FinishAsync(deleteOthers: true, default)).Products);
        await build.CommitAsync(default);
        return from;
    }

    /// <summary>Two generations, and what an abandoned build left.</summary>
    private static async Task PrepareAsync(TestEngine engine)
    {
        await using (var build = await engine.BeginAsync())
        {
            foreach (var id in Oldest)
            {
                await build.PutAsync(Given.Indexed(Given.Product(id)), default);
            }

            await build.AttachAsync("model", "oldest model"u8.ToArray(), default);
            await build.AttachAsync("model", "oldest model, better"u8.ToArray(), default);
            await build.AttachAsync("notes", "oldest notes"u8.ToArray(), default);
            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        await using (var build = await engine.BeginAsync())
        {
            build.Keep("a");
            foreach (var id in Old[1..])
            {
                await build.PutAsync(Given.Indexed(Given.Product(id)), default);
            }

            await build.AttachAsync("model", "old model"u8.ToArray(), default);
            await build.AttachAsync("notes", "old notes"u8.ToArray(), default);
            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        await File.WriteAllTextAsync(Path.Combine(engine.CatalogFolder, "segment-9-0.seg"), "left over");
    }

    /// <summary>Keeps, replaces, adds, deletes, attaches.</summary>
    private static async Task UpdateAsync(TestEngine engine)
    {
        await using var build = await engine.BeginAsync();
        build.Keep("a");
        build.Keep("b");
        await build.PutAsync(Given.Indexed(Given.Product("d", "replaced")), default);
        await build.PutAsync(Given.Indexed(Given.Product("e", "first")), default);
        await build.PutAsync(Given.Indexed(Given.Product("e", "second")), default);
        await build.AttachAsync("model", "new model"u8.ToArray(), default);
        await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
    }

    private static async Task<(bool Crashed, string[] State)> RunAsync(
        TestEngine template, int at, Flavour flavour, Func<TestEngine, Task> write, string[] before, string[] after)
    {
        var folder = Directory.CreateTempSubdirectory("aip-crash-").FullName;
        try
        {
            Copy(template.Folder, folder);
            CrashingDirectory? directory = null;
            using (var engine = new TestEngine(folder, directories: p => directory = new CrashingDirectory(p, at)))
            {
                try
                {
                    await write(engine);
                }
                catch (SimulatedCrashException)
                {
                }
            }

            if (directory!.Crashed && flavour != Flavour.ProcessKilled)
            {
                directory.LosePower(entriesLost: flavour == Flavour.PowerLostWithEntries);
            }

            return (directory.Crashed, await StateAsync(folder, $"{flavour} at {at}", before, after, directory.Crashed));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a fresh process finds: one of the two states, sound, and writable again.</summary>
    private static async Task<string[]> StateAsync(string folder, string where, string[] before, string[] after, bool crashed)
    {
        using var engine = new TestEngine(folder);
        var found = await engine.VisibleIdsAsync(Given.System);
        Assert.True(found.SequenceEqual(after) || (crashed && found.SequenceEqual(before)), $"{where}: found {string.Join(',', found)}");
        if (found.Length > 0)
        {
            Assert.True((await engine.VerifyAsync()).Count == 0, $"{where}: {string.Join(' ', await engine.VerifyAsync())}");
        }

        var next = await engine.BuildAsync([Given.Product("n1"), Given.Product("n2")]);
        Assert.Equal(2, next.Products);
        Assert.Equal(["n1", "n2"], await engine.VisibleIdsAsync(Given.System));
        Assert.Empty(await engine.VerifyAsync());
        Assert.DoesNotContain("segment-9-0.seg", engine.Files());
        return found;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
