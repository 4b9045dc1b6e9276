using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>A feed on this machine that does what it is told: conditional requests, ranges, refusals.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private FeedServer(WebApplication app) => _app = app;

    public byte[] Content { get; set; } = [];

    public string? ETag { get; set; } = "\"v1\"";

    public string? LastModified { get; set; }

    public string? ContentEncoding { get; set; }

    public bool KnowsRanges { get; set; } = true;

    /// <summary>Whether the whole feed is sent in chunks, without its length.</summary>
    public bool InChunks { get; set; }

    /// <summary>Bytes that an answer to a range has at most: a server may send less than was asked for.</summary>
    public int PartBytes { get; set; } = int.MaxValue;

    /// <summary>What a <c>Content-Range</c> says of the whole length, by number of the request from 1. Default: the length.</summary>
    public Func<int, string>? Total { get; set; }

    /// <summary>Answers instead of the feed, by number of the request from 1; false to have the feed answer.</summary>
    public Func<HttpContext, int, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    public int Requests => Volatile.Read(ref _requests);

    public ConcurrentQueue<string> Ranges { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public string Url(string path = "/feed.jsonl") => _app.Urls.First() + path;

    public static async Task<FeedServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new FeedServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var number = Interlocked.Increment(ref _requests);
        Ranges.Enqueue(http.Request.Headers.Range.ToString());
        Authorizations.Enqueue(http.Request.Headers.Authorization.ToString());
        if (await Instead(http, number))
        {
            return;
        }

        if (Matches(http))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var from = KnowsRanges && From(http) is { } asked ? asked : 0;
        http.Response.StatusCode = from > 0 ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        http.Response.Headers.ETag = ETag;
        http.Response.Headers.LastModified = LastModified;
        http.Response.Headers.ContentEncoding = ContentEncoding;
        var count = from > 0 ? Math.Min(PartBytes, Content.Length - from) : Content.Length;
        http.Response.ContentLength = from == 0 && InChunks ? null : count;
        if (from > 0)
        {
            var total = Total?.Invoke(number) ?? Content.Length.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + count - 1}/{total}");
        }

        await http.Response.Body.WriteAsync(Content.AsMemory(from, count));
    }

    private bool Matches(HttpContext http) =>
        (ETag is not null && http.Request.Headers.IfNoneMatch == ETag) || (LastModified is not null && http.Request.Headers.IfModifiedSince == LastModified);

    /// <summary>The byte asked for; null where the feed is another than the one asked for.</summary>
    private int? From(HttpContext http) =>
        http.Request.GetTypedHeaders() is { Range.Ranges: { Count: 1 } ranges } typed && (typed.IfRange is null || typed.IfRange.EntityTag?.ToString() == ETag)
            ? (int?)ranges.First().From
            : null;
}
