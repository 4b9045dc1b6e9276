using System.Net;
using AiPlatform.Indexer.Sources.Remote;

namespace AiPlatform.Indexer.Sources.Http;

/// <summary>
/// The body of a feed. Where the connection breaks, the rest is asked for under the same ETag. An answer that only the end of its connection ends is refused:
/// cut behind a row it would look whole, and a full run would delete the products behind the cut.
/// </summary>
internal sealed class FeedFile : IStoredFile, IDisposable
{
    private readonly Uri _url;
    private readonly FeedClient _client;
    private readonly HttpResponseMessage _first;
    private readonly FeedState _state;
    private readonly long _maxBytes;
    private readonly SourcePatience _patience;
    private readonly CancellationToken _limit;

    /// <exception cref="SourceException">It is packed in a way that is not known, does not tell where it ends, or is too large.</exception>
    public FeedFile(string name, Uri url, FeedClient client, HttpResponseMessage first, FeedState state, long maxBytes, SourcePatience patience, CancellationToken limit)
    {
        (Name, _url, _client, _first, _state, _maxBytes, _patience, _limit) = (name, url, client, first, state, maxBytes, patience, limit);
        Length = first.Content.Headers.ContentLength;
        var packing = first.Content.Headers.ContentEncoding.Where(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase)).ToArray();
        IsPackedByTransport = packing is [var one] && (one.Equals("gzip", StringComparison.OrdinalIgnoreCase) || one.Equals("x-gzip", StringComparison.OrdinalIgnoreCase));
        if (packing.Length > 0 && !IsPackedByTransport)
        {
            first.Dispose();
            throw new SourceException("source_unreadable", $"{patience.Display} is sent with the encoding '{string.Join(", ", packing)}', which was not asked for. Have it sent plain or as gzip.");
        }

        if (!TellsItsEnd(first))
        {
            first.Dispose();
            throw Endless(patience.Display);
        }

        if (Length > maxBytes)
        {
            first.Dispose();
            throw new SourceException("source_too_large", $"{patience.Display} has {Length} bytes, more than {FeedOptions.Section}:MaxBytes ({maxBytes}). Split it, or allow more.");
        }
    }

    public string Name { get; }

    public long? Length { get; }

    public bool IsPackedByTransport { get; }

    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var body = await _first.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new ResumingStream(body, RestAsync, Length, _maxBytes, _patience) { Limit = _limit };
    }

    public void Dispose() => _first.Dispose();

    private async Task<Stream> RestAsync(long from, CancellationToken cancellationToken)
    {
        if (from > 0 && _state.Tag is not { IsWeak: false })
        {
            throw new SourceException("source_unreachable", $"The connection to {_patience.Display} broke at byte {from}, and without a strong ETag the rest cannot be asked for. Start again; have the feed sent with an ETag.");
        }

        var response = await _client.GetAsync(_url, headers => _state.AskForRest(headers, from), cancellationToken).ConfigureAwait(false);
        if (IsRest(response, from))
        {
            if (Length is null && !TellsItsEnd(response))
            {
                response.Dispose();
                throw Endless(_patience.Display);
            }

            return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            throw FeedState.Of(response) == _state
                ? new SourceException("source_unreachable", $"The connection to {_patience.Display} broke at byte {from}, and the server does not send the rest of a feed (ranges). Start again.")
                : SourceReader.Changed(_patience.Display);
        }
    }

    /// <summary>Whether a cut can be told from the end: by a length, by chunks, or by the frames of HTTP/2 and later.</summary>
    private static bool TellsItsEnd(HttpResponseMessage response) =>
        response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked == true || response.Version.Major > 1;

    private static SourceException Endless(string display) => new(
        "source_unreadable",
        $"{display} is sent without Content-Length and not in chunks, so a connection that breaks could not be told from the feed's end. Have it sent with one of them (HTTP/1.1), or save it as a file first.");

    private bool IsRest(HttpResponseMessage response, long from)
    {
        var whole = from == 0 && response.StatusCode == HttpStatusCode.OK && Length == response.Content.Headers.ContentLength;
        var range = response.Content.Headers.ContentRange;
        var rest = response.StatusCode == HttpStatusCode.PartialContent && range is { From: { } begin } && begin == from && (Length is null || range.Length is null || range.Length == Length);
        return (whole || rest) && FeedState.Of(response) == _state;
    }
}
