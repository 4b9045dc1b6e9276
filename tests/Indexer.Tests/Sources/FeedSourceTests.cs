using System.IO.Compression;
using System.Text;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Sources.Http;
using AiPlatform.Storage.Outbound;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Indexer.Tests.Sources;

public sealed class FeedSourceTests : IAsyncLifetime
{
    private const int Count = 20_000;

    private FeedServer _server = null!;
    private CuttingProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _server = await FeedServer.StartAsync();
        _server.Content = Encoding.UTF8.GetBytes(Sources.Rows(Count));
        _proxy = CuttingProxy.To(_server.Url());
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Read_WholeFeed_GivesEveryRow()
    {
        await using var reader = await Sources.Opener().OpenAsync(_server.Url(), SourceOptions.Default, null, default);
        var rows = 0;
        await foreach (var row in reader!.ReadAsync(default))
        {
            Assert.Equal($"{rows++}", row.Value!.Member("id")!.Text);
        }

        Assert.Equal((Count, (long?)_server.Content.Length, "feed.jsonl"), (rows, reader.Length, reader.Name));
        Assert.Equal(reader.Length, reader.Position);
    }

    [Theory]
    [InlineData("\"v1\"", null)]
    [InlineData("W/\"v1\"", null)]
    [InlineData(null, "Wed, 21 Oct 2026 07:28:00 GMT")]
    public async Task Open_SameState_IsKnown(string? tag, string? date)
    {
        (_server.ETag, _server.LastModified) = (tag, date);
        var opener = Sources.Opener();
        string fingerprint;
        await using (var first = await opener.OpenAsync(_server.Url(), SourceOptions.Default, null, default))
        {
            fingerprint = first!.Fingerprint!;
        }

        Assert.Null(await opener.OpenAsync(_server.Url(), SourceOptions.Default, fingerprint, default));
        await using var other = await opener.OpenAsync(_server.Url("/other.jsonl"), SourceOptions.Default, fingerprint, default);
        Assert.NotNull(other);

        (_server.ETag, _server.LastModified) = ("\"v2\"", "Wed, 21 Oct 2026 07:28:01 GMT");
        await using var changed = await opener.OpenAsync(_server.Url(), SourceOptions.Default, fingerprint, default);
        Assert.NotEqual(fingerprint, changed!.Fingerprint);
    }

    [Fact]
    public async Task Open_FeedThatSaysNothingOfItself_HasNoFingerprint()
    {
        _server.ETag = null;
        await using var reader = await Sources.Opener().OpenAsync(_server.Url(), SourceOptions.Default, null, default);

        Assert.Null(reader!.Fingerprint);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_CutAtSeededOffsets_IsContinuedUnderTheSameTag(int seed)
    {
        // Some pieces are below what counts as getting on, none so often in a row that it is given up.
        _server.Content = Encoding.UTF8.GetBytes(Sources.Rows(200_000));
        var random = new Random(seed);
        for (var i = 0; i < 6; i++)
        {
            _proxy.Cuts.Enqueue(i % 2 == 0 ? random.Next(2_000, 9_000) : random.Next(1 << 20, (1 << 20) + 200_000));
        }

        var ids = await Sources.IdsAsync(Sources.Opener(), _proxy.Url);

        Assert.Equal(Enumerable.Range(0, 200_000).Select(i => $"{i}"), ids);
        Assert.Equal(7, _server.Requests);
        Assert.All(_server.Ranges.Skip(1), r => Assert.StartsWith("bytes=", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_CutGzip_IsContinued()
    {
        _server.Content = Pack(Sources.Rows(Count));
        foreach (var cut in new[] { 1_000, 1_500, 5_000 })
        {
            _proxy.Cuts.Enqueue(cut);
        }

        Assert.Equal(Count, (await Sources.IdsAsync(Sources.Opener(), _proxy.Url)).Count);
        Assert.Equal(4, _server.Requests);
    }

    [Fact]
    public async Task Read_ChangedBehindACut_IsRefused()
    {
        _proxy.Cuts.Enqueue(5_000);
        _server.Instead = (http, number) =>
        {
            _server.ETag = number > 1 ? "\"v2\"" : "\"v1\"";
            return Task.FromResult(false);
        };

        Assert.Equal("source_changed", (await Sources.RefusalAsync(Sources.Opener(), _proxy.Url)).Code);
    }

    [Theory]
    [InlineData("\"v1\"", false)]
    [InlineData("W/\"v1\"", true)]
    [InlineData(null, true)]
    public async Task Read_CutAndTheRestCannotBeHad_IsUnreachable(string? tag, bool ranges)
    {
        (_server.ETag, _server.KnowsRanges) = (tag, ranges);
        _proxy.Cuts.Enqueue(5_000);

        Assert.Equal("source_unreachable", (await Sources.RefusalAsync(Sources.Opener(), _proxy.Url)).Code);
    }

    [Fact]
    public async Task Read_CutAgainAndAgain_GivesUp()
    {
        for (var i = 0; i < 100; i++)
        {
            _proxy.Cuts.Enqueue(1_000);
        }

        Assert.Equal("source_unreachable", (await Sources.RefusalAsync(Sources.Opener(), _proxy.Url)).Code);
        Assert.Equal(4, _proxy.Connections);
    }

    [Fact]
    public async Task Read_NothingComesAnyMore_GivesUp()
    {
        _server.Instead = async (http, number) =>
        {
            http.Response.Headers.ETag = "\"v1\"";
            http.Response.ContentLength = 1_000;
            await http.Response.Body.WriteAsync("{\"id\":\"1\"}\n"u8.ToArray());
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };

        var refusal = await Sources.RefusalAsync(Sources.Opener(f => (f.IdleSeconds, f.Retries) = (1, 0)), _server.Url());

        Assert.Equal("source_unreachable", refusal.Code);
        Assert.Contains("nothing came", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "source_forbidden", 1)]
    [InlineData(403, "source_forbidden", 1)]
    [InlineData(404, "source_not_found", 1)]
    [InlineData(410, "source_not_found", 1)]
    [InlineData(400, "source_unreadable", 1)]
    [InlineData(429, "source_unreachable", 4)]
    [InlineData(503, "source_unreachable", 4)]
    public async Task Open_Refused_SaysWhat(int status, string code, int requests)
    {
        _server.Instead = (http, _) =>
        {
            http.Response.StatusCode = status;
            return Task.FromResult(true);
        };

        Assert.Equal((code, requests), ((await Sources.RefusalAsync(Sources.Opener(), _server.Url())).Code, _server.Requests));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Open_BusyAtFirst_WaitsAsAsked(int status)
    {
        var started = TimeProvider.System.GetTimestamp();
        _server.Instead = (http, number) =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "1";
            return Task.FromResult(number < 2);
        };

        Assert.Equal(Count, (await Sources.IdsAsync(Sources.Opener(), _server.Url())).Count);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Open_NobodyThere_IsUnreachable()
    {
        var url = _server.Url();
        await _server.DisposeAsync();

        Assert.Equal("source_unreachable", (await Sources.RefusalAsync(Sources.Opener(), url)).Code);
    }

    [Fact]
    public async Task Open_InternalAddress_IsRefusedUnlessAllowed()
    {
        var refusal = await Sources.RefusalAsync(Sources.Opener(f => f.AllowInternal = false), _server.Url());

        Assert.Equal(("source_forbidden", 0), (refusal.Code, _server.Requests));
        Assert.Contains("Feeds:AllowInternal", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::ffff:10.0.0.1]/feed.jsonl")]
    public async Task Open_RedirectToAnInternalAddress_IsRefused(string target)
    {
        using var client = new FeedClient(new FeedOptions(), "the feed", new PublicFirstHop(target) { InnerHandler = new GuardedConnect(allowInternal: false).CreateHandler() });

        var refusal = await Assert.ThrowsAsync<SourceException>(() => client.GetAsync(new Uri("http://public.example/feed.jsonl"), _ => { }, default));

        Assert.Equal("source_forbidden", refusal.Code);
        Assert.Contains("internal address", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_Redirects_AreFollowedAndBounded()
    {
        _server.Instead = (http, _) =>
        {
            if (http.Request.Path == "/feed.jsonl")
            {
                return Task.FromResult(false);
            }

            http.Response.StatusCode = StatusCodes.Status302Found;
            http.Response.Headers.Location = http.Request.Path == "/loop" ? "/loop" : "/feed.jsonl";
            return Task.FromResult(true);
        };

        Assert.Equal(Count, (await Sources.IdsAsync(Sources.Opener(), _server.Url("/moved"))).Count);
        Assert.Equal("source_unreadable", (await Sources.RefusalAsync(Sources.Opener(), _server.Url("/loop"))).Code);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://host/x")]
    [InlineData("http://user:secret@127.0.0.1/x")]
    public async Task Open_RedirectToWhatIsNoFeed_IsRefused(string target)
    {
        _server.Instead = (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status302Found;
            http.Response.Headers.Location = target;
            return Task.FromResult(true);
        };
        var refusal = await Sources.RefusalAsync(Sources.Opener(), _server.Url());

        Assert.Equal("source_forbidden", refusal.Code);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/feed.jsonl", "gzip")]
    [InlineData("/feed.jsonl.gz", null)]
    [InlineData("/feed.jsonl.gz", "gzip")]
    public async Task Read_Packed_IsUnpackedOnceOrAsOftenAsItIs(string path, string? encoding)
    {
        _server.Content = Pack(Sources.Rows(Count));
        _server.ContentEncoding = encoding;
        Assert.Equal(Count, (await Sources.IdsAsync(Sources.Opener(), _server.Url(path))).Count);
    }

    [Fact]
    public async Task Read_FileThatIsGzipSentAsGzip_IsUnpackedTwice()
    {
        _server.Content = Pack(Pack(Encoding.UTF8.GetBytes(Sources.Rows(Count))));
        _server.ContentEncoding = "gzip";
        Assert.Equal(Count, (await Sources.IdsAsync(Sources.Opener(), _server.Url("/feed.jsonl.gz"))).Count);
    }

    [Fact]
    public async Task Read_EncodingNobodyAskedFor_IsRefused()
    {
        _server.ContentEncoding = "br";
        Assert.Equal("source_unreadable", (await Sources.RefusalAsync(Sources.Opener(), _server.Url())).Code);
    }

    [Fact]
    public async Task Read_GzipBomb_IsRefusedEarly()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++)
            {
                gzip.Write(zeros);
            }
        }

        _server.Content = packed.ToArray();
        var refusal = await Sources.RefusalAsync(Sources.Opener(), _server.Url("/feed.jsonl.gz"));

        Assert.Equal("source_corrupt", refusal.Code);
        Assert.Contains("250 times", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_LongerThanAllowed_IsRefused()
    {
        Assert.Equal("source_too_large", (await Sources.RefusalAsync(Sources.Opener(f => f.MaxBytes = 1_000), _server.Url())).Code);

        _server.Instead = async (http, _) =>
        {
            // Without a length, it shows only while it is read.
            await http.Response.Body.WriteAsync(_server.Content);
            return true;
        };
        Assert.Equal("source_too_large", (await Sources.RefusalAsync(Sources.Opener(f => f.MaxBytes = 100_000), _server.Url())).Code);
    }

    [Fact]
    public async Task Open_Authorization_GoesToItsHostOnly()
    {
        await using var other = await FeedServer.StartAsync();
        other.Content = _server.Content;
        _server.Instead = (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            http.Response.Headers.Location = other.Url();
            return Task.FromResult(true);
        };
        var url = new Uri(_server.Url());
        await Sources.IdsAsync(Sources.Opener(f => f.Authorization.Add(new FeedAuthorization { Host = url.Host, Port = url.Port, Value = "Bearer feed-secret" })), _server.Url());

        Assert.Equal(["Bearer feed-secret"], _server.Authorizations);
        Assert.Equal([""], other.Authorizations);
    }

    [Fact]
    public async Task Read_Cancelled_Stops()
    {
        using var cancel = new CancellationTokenSource();
        await using var reader = await Sources.Opener().OpenAsync(_server.Url(), SourceOptions.Default, null, default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var row in reader!.ReadAsync(cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });
    }

    private static byte[] Pack(string content) => Pack(Encoding.UTF8.GetBytes(content));

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>A public host, which cannot be had here: it redirects; everything else goes the way of every feed.</summary>
    private sealed class PublicFirstHop(string target) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host != "public.example")
            {
                return base.SendAsync(request, cancellationToken);
            }

            var redirect = new HttpResponseMessage(System.Net.HttpStatusCode.Found);
            redirect.Headers.Location = new Uri(target);
            return Task.FromResult(redirect);
        }
    }
}
