using System.Globalization;
using System.IO.Compression;
using System.Text;
using AiPlatform.Indexer.Sources;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>Sources much larger than the memory they may take. The variable AIPLATFORM_STREAM_MB makes them larger.</summary>
[Collection(Alone)]
public sealed class StreamedSourceTests
{
    /// <summary>Memory is measured of the whole process, so nothing else may run in it.</summary>
    private const string Alone = "memory is measured";

    private const int RowsOfABlock = 10_000;
    private const long HeapBound = 48L << 20;

    private static readonly long Bytes =
        (long.TryParse(Environment.GetEnvironmentVariable("AIPLATFORM_STREAM_MB"), NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) ? megabytes : 200) << 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_FeedOfHundredsOfMegabytes_TakesConstantMemory(bool packed)
    {
        await using var server = await FeedServer.StartAsync();
        var sent = 0L;
        server.Instead = async (http, _) =>
        {
            http.Response.Headers.ETag = "\"big\"";
            var body = packed ? new GZipStream(http.Response.Body, CompressionLevel.Fastest) : http.Response.Body;
            await using (packed ? body : null)
            {
                for (var written = 0L; written < Bytes; sent += RowsOfABlock)
                {
                    var block = Block(sent);
                    await body.WriteAsync(block);
                    written += block.Length;
                }
            }

            return true;
        };
        await using var reader = await Sources.Opener().OpenAsync(server.Url(packed ? "/big.jsonl.gz" : "/big.jsonl"), SourceOptions.Default, null, default);
        GC.Collect();
        var (before, highest, rows) = (GC.GetTotalMemory(forceFullCollection: true), 0L, 0L);
        await foreach (var row in reader!.ReadAsync(default))
        {
            if (++rows % 200_000 == 0)
            {
                highest = Math.Max(highest, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(sent, rows);
        Assert.InRange(highest, 0, HeapBound);
    }

    private static byte[] Block(long first)
    {
        var text = new StringBuilder(RowsOfABlock * 160);
        for (var i = first; i < first + RowsOfABlock; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{i}\",\"name\":\"Product {i * 7919 % 1_000_003} of a list that goes on\",\"description\":\"{i * 104_729 % 15_485_863:x} {i * 31 % 999_983:x} words\"}}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Definition;
}
