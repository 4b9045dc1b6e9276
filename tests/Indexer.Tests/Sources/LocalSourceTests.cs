using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Sources;

public sealed class LocalSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_Folder_GivesEveryDataFileInOrdinalOrder()
    {
        _folder.Write("b.csv", "id,name\n3,c\n");
        _folder.WriteGzip("a.jsonl.gz", "{\"id\":\"1\"}\n\n{\"id\":\"2\"}\n");
        _folder.Write("Z.jsonl", "{\"id\":\"0\"}\n");
        _folder.Write("README.md", "no rows");
        _folder.Write(".hidden.jsonl", "{\"id\":\"9\"}\n");

        await using var reader = SourceReaders.Open(_folder.Path, SourceOptions.Default);
        var rows = await ReadAsync(reader);

        Assert.Equal([("Z.jsonl", 1L, "0"), ("a.jsonl.gz", 1, "1"), ("a.jsonl.gz", 3, "2"), ("b.csv", 2, "3")], rows);
        Assert.Equal(reader.Length, reader.Position);
        Assert.Equal(Path.GetFileName(_folder.Path), reader.Name);
    }

    [Fact]
    public void Open_FolderWithoutData_SaysSo() =>
        Assert.Equal("source_not_found", Assert.Throws<SourceException>(() => SourceReaders.Open(_folder.Path, SourceOptions.Default)).Code);

    [Fact]
    public async Task Read_ListingChangesMeanwhile_IsRefused()
    {
        _folder.Write("a.jsonl", "{\"id\":\"1\"}\n");
        await using var reader = SourceReaders.Open(_folder.Path, SourceOptions.Default);
        _folder.Write("b.jsonl", "{\"id\":\"2\"}\n");

        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => ReadAsync(reader))).Code);
    }

    [Fact]
    public async Task Read_ListedFileIsGone_IsRefused()
    {
        _folder.Write("a.jsonl", "{\"id\":\"1\"}\n");
        _folder.Write("b.jsonl", "{\"id\":\"2\"}\n");
        await using var reader = SourceReaders.Open(_folder.Path, SourceOptions.Default);
        File.Delete(_folder["b.jsonl"]);

        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => ReadAsync(reader))).Code);
    }

    [Fact]
    public async Task Read_FileGrowsMeanwhile_IsRefused()
    {
        var path = _folder.Write("a.jsonl", "{\"id\":\"1\"}\n");
        await using var reader = SourceReaders.Open(path, SourceOptions.Default);
        File.AppendAllText(path, "{\"id\":\"2\"}\n");

        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => ReadAsync(reader))).Code);
    }

    [Fact]
    public async Task Fingerprint_SameFile_IsKnownUntilItChanges()
    {
        var path = _folder.Write("a.jsonl", "{\"id\":\"1\"}\n");
        var opener = Sources.Opener();
        await using var first = await opener.OpenAsync(path, SourceOptions.Default, null, default);
        Assert.Null(await opener.OpenAsync(path, SourceOptions.Default, first!.Fingerprint, default));

        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        await using var touched = await opener.OpenAsync("file://" + path, SourceOptions.Default, first.Fingerprint, default);
        Assert.NotEqual(first.Fingerprint, touched!.Fingerprint);
    }

    [Fact]
    public async Task Read_LinkToAFile_ReadsTheFile()
    {
        _folder.Write("target.bin", "{\"id\":\"1\"}\n");
        File.CreateSymbolicLink(_folder["a.jsonl"], _folder["target.bin"]);
        await using var reader = SourceReaders.Open(_folder["a.jsonl"], SourceOptions.Default);

        Assert.Single(await ReadAsync(reader));
        Assert.Equal(new FileInfo(_folder["target.bin"]).Length, reader.Length);
    }

    [Theory]
    [InlineData("ftp://host/a.jsonl", "ftp")]
    [InlineData("https://user:secret@host/a.jsonl", "credentials")]
    [InlineData("s3://key:secret@bucket/a.jsonl", "credentials")]
    [InlineData("s3://bucket/a?versionId=1", "escape")]
    [InlineData("file://elsewhere/a.jsonl", "another machine")]
    [InlineData(" ", "empty")]
    public async Task Open_LocationThatMakesNoSense_IsRefusedWithoutItsSecrets(string location, string word)
    {
        var thrown = await Assert.ThrowsAsync<SourceException>(async () => await Sources.Opener().OpenAsync(location, SourceOptions.Default, null, default));

        Assert.Equal("invalid_source", thrown.Code);
        Assert.Contains(word, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Display_UrlWithAToken_LeavesItOut() =>
        Assert.Equal("https://host:8443/a/feed.jsonl", SourceLocation.Parse("https://host:8443/a/feed.jsonl?token=secret#x").Display);

    private static async Task<List<(string File, long Line, string Id)>> ReadAsync(ISourceReader reader)
    {
        var rows = new List<(string, long, string)>();
        await foreach (var row in reader.ReadAsync(default))
        {
            rows.Add((row.File, row.Line, row.Value!.Member("id")!.Text!));
        }

        return rows;
    }
}
