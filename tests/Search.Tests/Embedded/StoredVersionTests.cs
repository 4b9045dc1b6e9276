using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using AiPlatform.Search.Tests.Vectors;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>Files of every version that was ever written still open, are searched, kept and built upon.</summary>
public sealed class StoredVersionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-stored-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("version-1")]
    public async Task StoredCatalog_OfAnOlderVersion_IsReadAndBuiltUpon(string version)
    {
        Directory.CreateDirectory(Path.Combine(_folder, Given.Catalog));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests", "Search.Tests", "Embedded", "Stored", version)))
        {
            File.Copy(file, Path.Combine(_folder, Given.Catalog, Path.GetFileName(file)));
        }

        using var engine = new TestEngine(_folder);
        var ids = await engine.VisibleIdsAsync(Given.System);
        Assert.Equal(12, ids.Length);
        Assert.Empty(await engine.VerifyAsync());
        var page = await engine.SearchAsync(Given.System, "headphones", SearchMode.Hybrid);
        Assert.Null(page.Degraded);
        Assert.NotEmpty(page.Hits);

        await using (var build = await engine.BeginAsync(TestEngine.Request(model: "catalog-8c6bf7f851b7", dimensions: 7)))
        {
            Assert.All(ids, id => Assert.Equal((0, true), build.Find(id) is { } stamp ? (stamp.Version, stamp.HasVector) : default));
            build.Keep(ids[0]);
            await build.PutAsync(Given.Indexed(Given.Product("n", "headphones")) with { Version = 5 }, default);
            await build.FinishAsync(deleteOthers: true, default);
            await build.CommitAsync(default);
        }

        Assert.Equal([ids[0], "n"], (await engine.VisibleIdsAsync(Given.System)).OrderBy(i => i == "n"));
        await using var next = await engine.BeginAsync();
        Assert.Equal((0, 5), (next.Find(ids[0])!.Value.Version, next.Find("n")!.Value.Version));
    }
}
