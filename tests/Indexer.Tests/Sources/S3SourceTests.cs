using System.IO.Compression;
using System.Text;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Sources.S3;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Indexer.Tests.Sources;

public sealed class S3SourceTests(MotoServer moto) : IClassFixture<MotoServer>
{
    [SkippableFact]
    public async Task Read_Prefix_GivesEveryDataObjectUnderItInOrdinalOrder()
    {
        var bucket = await moto.BucketAsync(
            ("shop/b.csv", Bytes("id,name\n3,c\n")),
            ("shop/a.jsonl.gz", Pack("{\"id\":\"1\"}\n{\"id\":\"2\"}\n")),
            ("shop/2026/part.jsonl", Bytes("{\"id\":\"0\"}\n")),
            ("shop/_SUCCESS", []),
            ("shop-old/a.jsonl", Bytes("{\"id\":\"9\"}\n")));
        var opener = Opener();

        Assert.Equal(["0", "1", "2", "3"], await Sources.IdsAsync(opener, $"s3://{bucket}/shop/"));
        Assert.Equal(["0", "1", "2", "3"], await Sources.IdsAsync(opener, $"s3://{bucket}/shop"));
        Assert.Equal(["3"], await Sources.IdsAsync(opener, $"s3://{bucket}/shop/b.csv"));
        Assert.Equal(["9", "0", "1", "2", "3"], await Sources.IdsAsync(opener, $"s3://{bucket}"));
    }

    [SkippableFact]
    public async Task List_MoreThanAPage_GivesAll()
    {
        var bucket = await moto.BucketAsync();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1_005), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await moto.PutAsync(bucket, $"many/{i:0000}.jsonl", Bytes($"{{\"id\":\"{i}\"}}\n")));

        await using var reader = await Opener().OpenAsync($"s3://{bucket}/many/", SourceOptions.Default, null, default);
        Assert.Equal(Enumerable.Range(0, 1_005).Sum(i => (long)$"{{\"id\":\"{i}\"}}\n".Length), reader!.Length);
    }

    [SkippableFact]
    public async Task Fingerprint_SameObjects_IsKnownUntilOneChanges()
    {
        var bucket = await moto.BucketAsync(("shop/a.jsonl", Bytes("{\"id\":\"1\"}\n")));
        var opener = Opener();
        await using var first = await opener.OpenAsync($"s3://{bucket}/shop/", SourceOptions.Default, null, default);

        Assert.Null(await opener.OpenAsync($"s3://{bucket}/shop/", SourceOptions.Default, first!.Fingerprint, default));
        await moto.PutAsync(bucket, "shop/a.jsonl", Bytes("{\"id\":\"2\"}\n"));
        await using var changed = await opener.OpenAsync($"s3://{bucket}/shop/", SourceOptions.Default, first.Fingerprint, default);
        Assert.NotEqual(first.Fingerprint, changed!.Fingerprint);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Read_CutAtSeededOffsets_IsContinued(int seed)
    {
        var content = Bytes(Sources.Rows(150_000));
        var bucket = await moto.BucketAsync(("a.jsonl", content));
        var random = new Random(seed);
        await using var proxy = CuttingProxy.To(moto.Url! + "/");
        proxy.Cuts.Enqueue(int.MaxValue); // the look at the object's head
        for (var i = 0; i < 4; i++)
        {
            proxy.Cuts.Enqueue(i % 2 == 0 ? random.Next(2_000, 9_000) : random.Next(1 << 20, (1 << 20) + 100_000));
        }

        var ids = await Sources.IdsAsync(Opener(s => s.ServiceUrl = proxy.Url), $"s3://{bucket}/a.jsonl");

        Assert.Equal(Enumerable.Range(0, 150_000).Select(i => $"{i}"), ids);
        Assert.True(proxy.Connections >= 5, $"{proxy.Connections} connections");
    }

    [SkippableFact]
    public async Task Read_ReplacedBehindACut_IsRefused()
    {
        var bucket = await moto.BucketAsync(("a.jsonl", Bytes(Sources.Rows(50_000))));
        await using var proxy = CuttingProxy.To(moto.Url! + "/");
        proxy.Cuts.Enqueue(int.MaxValue);
        proxy.Cuts.Enqueue(200_000);
        await using var reader = await Opener(s => s.ServiceUrl = proxy.Url).OpenAsync($"s3://{bucket}/a.jsonl", SourceOptions.Default, null, default);
        var replaced = false;
        var refusal = await Assert.ThrowsAsync<SourceException>(async () =>
        {
            await foreach (var row in reader!.ReadAsync(default))
            {
                if (!replaced)
                {
                    await moto.PutAsync(bucket, "a.jsonl", Bytes(Sources.Rows(50_001)));
                    replaced = true;
                }
            }
        });

        Assert.Equal("source_changed", refusal.Code);
    }

    [SkippableFact]
    public async Task Read_ObjectAddedOrGoneMeanwhile_IsRefused()
    {
        var bucket = await moto.BucketAsync(("shop/a.jsonl", Bytes("{\"id\":\"1\"}\n")), ("shop/b.jsonl", Bytes("{\"id\":\"2\"}\n")));
        var opener = Opener();
        await using var added = await opener.OpenAsync($"s3://{bucket}/shop/", SourceOptions.Default, null, default);
        await moto.PutAsync(bucket, "shop/c.jsonl", Bytes("{\"id\":\"3\"}\n"));
        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => ReadAsync(added!))).Code);

        await using var gone = await opener.OpenAsync($"s3://{bucket}/shop/", SourceOptions.Default, null, default);
        await moto.Client.DeleteObjectAsync(bucket, "shop/b.jsonl");
        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => ReadAsync(gone!))).Code);
    }

    [SkippableFact]
    public async Task Open_NothingThere_SaysSo()
    {
        var bucket = await moto.BucketAsync(("shop/readme.md", Bytes("no rows")));

        Assert.Equal("source_not_found", (await Sources.RefusalAsync(Opener(), $"s3://{bucket}/none.jsonl")).Code);
        Assert.Equal("source_not_found", (await Sources.RefusalAsync(Opener(), $"s3://{bucket}/shop/")).Code);
        Assert.Equal("source_not_found", (await Sources.RefusalAsync(Opener(), "s3://no-such-bucket-here/a.jsonl")).Code);
    }

    [Fact]
    public async Task Open_NobodyThere_IsUnreachable() =>
        Assert.Equal("source_unreachable", (await Sources.RefusalAsync(Opener(s => (s.ServiceUrl, s.Retries) = ("http://127.0.0.1:1", 1)), "s3://bucket/a.jsonl")).Code);

    [Theory]
    [InlineData(403, "source_forbidden", 1)]
    [InlineData(503, "source_unreachable", 4)]
    [InlineData(400, "source_unreadable", 1)]
    public async Task Open_Refused_SaysWhatAndNoSecret(int status, string code, int requests)
    {
        await using var server = await FeedServer.StartAsync();
        server.Instead = (http, _) =>
        {
            http.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        var refusal = await Sources.RefusalAsync(Opener(s => (s.ServiceUrl, s.SecretKey) = (server.Url(""), "very-secret")), "s3://bucket/a.jsonl");

        Assert.Equal((code, requests), (refusal.Code, server.Requests));
        Assert.DoesNotContain("very-secret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PartOf.First)]
    [InlineData(PartOf.Rest)]
    [InlineData(PartOf.OtherRest)]
    public async Task Read_PartWhereAllOfItWasAskedFor_IsRefused(PartOf part)
    {
        var content = Bytes(Sources.Rows(500));
        await using var server = await FeedServer.StartAsync();
        await using var proxy = CuttingProxy.To(server.Url("/"));
        proxy.Cuts.Enqueue(int.MaxValue);
        proxy.Cuts.Enqueue(part == PartOf.First ? int.MaxValue : 3_000);
        server.Instead = async (http, number) =>
        {
            http.Response.Headers.ETag = "\"0123456789abcdef0123456789abcdef-2\"";
            if (number == 1)
            {
                http.Response.ContentLength = content.Length;
                http.Response.Headers.Connection = "close"; // the cut is meant for the next one
                return true;
            }

            var from = (int)(http.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0);
            var asked = content.Length - from;
            var (begin, count) = part switch
            {
                PartOf.OtherRest when from > 0 => (0, asked),
                PartOf.First when from == 0 => (0, asked / 2),
                PartOf.Rest when from > 0 => (from, asked / 2),
                _ => (from, asked),
            };
            http.Response.StatusCode = count == content.Length ? 200 : 206;
            http.Response.ContentLength = count;
            http.Response.Headers.ContentRange = count == content.Length ? default(string) : $"bytes {begin}-{begin + count - 1}/{content.Length}";
            await http.Response.Body.WriteAsync(content.AsMemory(begin, count));
            return true;
        };

        Assert.Equal("source_changed", (await Sources.RefusalAsync(Opener(s => s.ServiceUrl = proxy.Url), "s3://bucket/a.jsonl")).Code);
    }

    private SourceOpener Opener(Action<S3Options>? configure = null) => Sources.Opener(s3: s =>
    {
        s.ServiceUrl = moto.Url ?? "";
        configure?.Invoke(s);
    });

    /// <summary>Which answer is not what was asked for: the first one, or the rest behind a cut, too short or of another place.</summary>
    public enum PartOf
    {
        First,
        Rest,
        OtherRest,
    }

    private static async Task ReadAsync(ISourceReader reader)
    {
        await foreach (var row in reader.ReadAsync(default))
        {
            Assert.Null(row.Fault);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Bytes(text));
        }

        return packed.ToArray();
    }
}
