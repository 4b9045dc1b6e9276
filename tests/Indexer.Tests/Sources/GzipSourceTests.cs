using System.IO.Compression;
using System.Text;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Sources;

public sealed class GzipSourceTests : IDisposable
{
    private static readonly string Content = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"{{\"id\":\"{i}\",\"name\":\"{(i * 7919L) ^ 0x5a5a5a}\"}}\n"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task Read_CutAnywhere_IsCorrupt(CompressionLevel level)
    {
        var whole = Pack(Content, level);
        int[] cuts = [.. Enumerable.Range(1, 24), 64, 65, 4_096, 65 * 1024, whole.Length / 2, whole.Length - 3, whole.Length - 10, whole.Length - 11, whole.Length - 18];
        foreach (var cut in cuts)
        {
            await AssertCorruptAsync(whole[..^cut]);
        }
    }

    [Fact]
    public async Task Read_SmallFileCutAtEveryByte_IsCorrupt()
    {
        var whole = Pack("{\"id\":1}\n{\"id\":2}\n", CompressionLevel.Optimal);
        for (var length = 2; length < whole.Length; length++)
        {
            await AssertCorruptAsync(whole[..length]);
        }
    }

    [Fact]
    public async Task Read_SecondMemberCutAnywhere_IsCorrupt()
    {
        var first = Pack("{\"id\":1}\n", CompressionLevel.Optimal);
        var second = Pack("{\"id\":2}\n", CompressionLevel.Optimal);
        for (var length = 1; length < second.Length; length++)
        {
            await AssertCorruptAsync([.. first, .. second[..length]]);
        }
    }

    [Fact]
    public async Task Read_ChecksumOrLengthWrong_IsCorrupt()
    {
        var whole = Pack(Content, CompressionLevel.Optimal);
        for (var i = 1; i <= 8; i++)
        {
            var damaged = whole.ToArray();
            damaged[^i] ^= 1;
            await AssertCorruptAsync(damaged);
        }
    }

    [Fact]
    public async Task Read_SomethingBehindTheLastMember_IsCorrupt() =>
        await AssertCorruptAsync([.. Pack("{\"id\":1}\n", CompressionLevel.Optimal), .. "garbage"u8]);

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task Read_Whole_GivesEveryRow(CompressionLevel level) =>
        Assert.Equal(12_000, (await Rows.ReadAsync(_folder.Write("a.jsonl.gz", Pack(Content, level)))).Count);

    [Fact]
    public async Task Read_SeveralMembersAtEveryAlignment_GiveEveryRow()
    {
        // The lengths move the members' ends over the ends of the reader's buffers, and an empty member is a member too.
        for (var padding = 65_300; padding < 65_600; padding += 7)
        {
            var rows = await Rows.ReadAsync(_folder.Write("a.jsonl.gz", [
                .. Pack(new string(' ', padding) + "{\"id\":1}\n", CompressionLevel.NoCompression),
                .. Pack("", CompressionLevel.NoCompression),
                .. Pack("{\"id\":2}\n{\"id\":", CompressionLevel.Optimal),
                .. Pack("3}", CompressionLevel.Optimal),
            ]));
            Assert.Equal(["1", "2", "3"], rows.Select(r => r.Value!.Member("id")!.Text));
        }
    }

    private static byte[] Pack(string content, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        // An empty text makes .NET write nothing at all.
        return packed.ToArray() is { Length: > 0 } whole ? whole : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private async Task AssertCorruptAsync(byte[] stored)
    {
        var thrown = await Assert.ThrowsAsync<SourceException>(() => Rows.ReadAsync(_folder.Write("cut.jsonl.gz", stored)));
        Assert.Equal("source_corrupt", thrown.Code);
    }
}
