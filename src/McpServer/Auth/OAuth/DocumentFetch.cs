using System.Net;
using System.Text.Json;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>
/// Fetches a JSON document of an issuer: bounded in time and bytes, redirects only on the same scheme, host and port. Sends nothing but the request
/// line and Accept: nothing of a caller can be in it.
/// </summary>
internal static class DocumentFetch
{
    public const int MaxBytes = 256 * 1_024;

    private const int MaxRedirects = 3;

    /// <exception cref="KeyFetchException">It could not be had, is too large or is no JSON.</exception>
    public static async Task<FetchedDocument> GetAsync(HttpClient http, Uri url, bool allowInternal, CancellationToken cancellationToken)
    {
        try
        {
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.Accept.ParseAdd("application/json");
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
                {
                    url = Redirected(url, response.Headers.Location, allowInternal);
                    continue;
                }

                return response.StatusCode == HttpStatusCode.OK
                    ? new FetchedDocument(await ReadAsync(response.Content, cancellationToken), response.Headers.CacheControl is { MaxAge: { } age, NoStore: false, NoCache: false } ? age : null)
                    : throw new KeyFetchException($"{url} answered {(int)response.StatusCode}");
            }

            throw new KeyFetchException($"{url} redirects more than {MaxRedirects} times");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            throw new KeyFetchException($"{url} could not be read: {(failure.InnerException ?? failure).Message}", failure);
        }
    }

    private static Uri Redirected(Uri from, Uri? location, bool allowInternal)
    {
        return location is not null
            && Uri.TryCreate(from, location, out var target)
            && FetchableUrl.IsAllowed(target, allowInternal)
            && string.Equals(target.GetLeftPart(UriPartial.Authority), from.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
            ? target
            : throw new KeyFetchException($"{from} redirects to another host");
    }

    private static async Task<JsonElement> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxBytes + 1];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (read > MaxBytes)
        {
            throw new KeyFetchException($"the document has more than {MaxBytes} bytes");
        }

        return StrictJson.Read(buffer.AsMemory(0, read));
    }
}
