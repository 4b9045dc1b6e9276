using System.Net;
using AiPlatform.Indexer.Sources.Remote;
using AiPlatform.Storage.Outbound;

namespace AiPlatform.Indexer.Sources.Http;

/// <summary>A feed at a URL: one file, asked for when it is listed, so that one that did not change costs one short answer.</summary>
internal sealed class FeedPlace : ISourcePlace
{
    private readonly Uri _url;
    private readonly string _feed;
    private readonly FeedOptions _options;
    private readonly SourcePatience _patience;
    private readonly FeedClient _client;
    private readonly CancellationTokenSource _limit;
    private FeedFile? _file;

    public FeedPlace(SourceLocation location, FeedOptions options, TimeProvider time)
    {
        _url = location.Uri!;
        _feed = SourceListing.Digest("feed", [_url.AbsoluteUri]);
        _options = options;
        _patience = new SourcePatience(location.Display, options.Retries, TimeSpan.FromMilliseconds(options.FirstPauseMilliseconds), TimeSpan.FromSeconds(options.IdleSeconds), time);
        _client = new FeedClient(options, location.Display, new GuardedConnect(options.AllowInternal).CreateHandler());
        _limit = new CancellationTokenSource(TimeSpan.FromMinutes(options.MaxMinutes), time);
    }

    public string Name => Uri.UnescapeDataString(_url.AbsolutePath).TrimEnd('/').Split('/')[^1] is { Length: > 0 } name ? name : _url.Host;

    public async ValueTask<SourceListing?> ListAsync(string? known, CancellationToken cancellationToken)
    {
        var before = FeedState.Parse(known, _feed);
        var response = await _patience.RunAsync(token => _client.GetAsync(_url, headers => before?.AskIfChanged(headers), token), cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            response.Dispose();
            return before is not null ? null : throw new SourceException("source_unreadable", $"{_patience.Display} answered 304 to a request that did not ask for it. Check what answers there.");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var code = (int)response.StatusCode;
            response.Dispose();
            throw new SourceException("source_unreadable", $"{_patience.Display} answered {code} to a request for all of it: a part would pass for the whole. Check what answers there.");
        }

        var state = FeedState.Of(response);
        if (before is not null && state == before)
        {
            // It does not know conditional requests, but says the same of itself.
            response.Dispose();
            return null;
        }

        _file = new FeedFile(Name, _url, _client, response, state, _options.MaxBytes, _patience, _limit.Token);
        return new SourceListing([_file], state.Fingerprint(_feed));
    }

    /// <summary>Every part of it came under one ETag.</summary>
    public ValueTask<bool> IsUnchangedAsync(SourceListing listing, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _client.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }
}
