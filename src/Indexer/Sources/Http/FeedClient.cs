using System.Net;
using System.Net.Http.Headers;
using AiPlatform.Indexer.Sources.Remote;
using AiPlatform.Storage.Outbound;

namespace AiPlatform.Indexer.Sources.Http;

/// <summary>Sends the requests of one feed: redirects checked one by one, and every answer that is none told as what it means.</summary>
/// <param name="options">Bounds and credentials.</param>
/// <param name="display">The feed, for messages.</param>
/// <param name="handler">Connects, guarded; owned.</param>
internal sealed class FeedClient(FeedOptions options, string display, HttpMessageHandler handler) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(handler, disposeHandler: true);

    /// <summary>Asks once. The answer is 200, 206 or 304, with its body unread; the caller disposes it.</summary>
    /// <exception cref="SourceTroubleException">It failed, and may succeed when it is made again.</exception>
    /// <exception cref="SourceException">It failed.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri url, Action<HttpRequestHeaders> ask, CancellationToken cancellationToken)
    {
        try
        {
            for (var hop = 0; hop <= options.MaxRedirects; hop++)
            {
                var response = await SendAsync(url, ask, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.NotModified)
                {
                    return response;
                }

                using (response)
                {
                    url = Redirected(url, response) ?? throw Refused(response);
                }
            }
        }
        catch (Exception e) when ((e as InternalAddressException ?? e.InnerException as InternalAddressException) is { } guard)
        {
            throw new SourceException("source_forbidden", $"{display} leads to an internal address: {guard.Message} If that is meant, set {FeedOptions.Section}:AllowInternal.", e);
        }

        throw new SourceException("source_unreadable", $"{display} redirects more than {options.MaxRedirects} times. Name the address it ends at.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri url, Action<HttpRequestHeaders> ask, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity", .5));
        ask(request.Headers);
        if (options.AuthorizationFor(url) is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private Uri? Redirected(Uri from, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return null;
        }

        return response.Headers.Location is { } location
            && Uri.TryCreate(from, location, out var to)
            && to.UserInfo.Length == 0
            && (to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp))
            ? to
            : throw new SourceException("source_forbidden", $"{display} redirects to no http(s) address, to one with a password, or from https to http. Name the address it should be read from.");
    }

    private Exception Refused(HttpResponseMessage response)
    {
        var code = (int)response.StatusCode;
        return code switch
        {
            401 or 403 or 407 => new SourceException("source_forbidden", $"{display} answered {code}. Set {FeedOptions.Section}:Authorization for its host, or check that it is allowed."),
            404 or 410 => new SourceException("source_not_found", $"{display} answered {code}. Check the address."),
            412 or 416 => SourceReader.Changed(display),
            408 or 425 or 429 or >= 500 => new SourceTroubleException($"it answered {code}", RetryAfter(response)),
            _ => new SourceException("source_unreadable", $"{display} answered {code}. Check the address."),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when response.Headers.Date is { } now => date - now,
        _ => null,
    };
}
