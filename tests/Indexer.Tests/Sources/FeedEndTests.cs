using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>A cut behind a row is never taken for the end of a feed, however the server marks its end.</summary>
public sealed class FeedEndTests
{
    private const int Count = 500;

    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(Sources.Rows(Count));
    private static readonly byte[] Cut = Encoding.UTF8.GetBytes(Sources.Rows(Count / 2));

    [Fact]
    public async Task Read_ByLength_WholeIsReadAndCutIsTold()
    {
        Assert.Equal((Count, null), await ReadAsync(Head($"Content-Length: {Whole.Length}"), Whole));
        Assert.Equal((0, "source_unreachable"), await ReadAsync(Head($"Content-Length: {Whole.Length}"), Cut));
    }

    [Fact]
    public async Task Read_InChunks_WholeIsReadAndCutIsTold()
    {
        Assert.Equal((Count, null), await ReadAsync(Head("Transfer-Encoding: chunked"), Chunk(Whole), Chunk([])));
        Assert.Equal((0, "source_unreachable"), await ReadAsync(Head("Transfer-Encoding: chunked"), Chunk(Cut)));
    }

    [Theory]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/1.1")]
    public async Task Read_EndedByItsConnectionOnly_IsRefused(string version)
    {
        Assert.Equal((0, "source_unreadable"), await ReadAsync($"{version} 200 OK\nConnection: close", Whole));
        Assert.Equal((0, "source_unreadable"), await ReadAsync($"{version} 200 OK\nConnection: close\nContent-Encoding: gzip", Pack(Whole)));
    }

    [Fact]
    public async Task Read_OldServerThatTellsALength_IsRead() =>
        Assert.Equal((Count, null), await ReadAsync($"HTTP/1.0 200 OK\nContent-Length: {Whole.Length}", Whole));

    [Fact]
    public async Task Read_GzipCutBeforeItWasSent_IsCorrupt()
    {
        var packed = Pack(Whole)[..^9];
        Assert.Equal((0, "source_corrupt"), await ReadAsync(Head($"Content-Length: {packed.Length}\nContent-Encoding: gzip"), packed));
        Assert.Equal((0, "source_corrupt"), await ReadAsync(Head("Transfer-Encoding: chunked"), Chunk(packed), Chunk([])));
    }

    private static string Head(string fields) => $"HTTP/1.1 200 OK\nETag: W/\"v1\"\n{fields}";

    private static byte[] Chunk(byte[] content) => [.. Encoding.ASCII.GetBytes(content.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. content, .. "\r\n"u8];

    private static async Task<(int Rows, string? Code)> ReadAsync(string head, params byte[][] body)
    {
        await using var feed = new RawFeed(head, body);
        try
        {
            return ((await Sources.IdsAsync(Sources.Opener(), feed.Url)).Count, null);
        }
        catch (AiPlatform.Indexer.Sources.SourceException refused)
        {
            return (0, refused.Code);
        }
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}
