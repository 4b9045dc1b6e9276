using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Content negotiation of the endpoint.</summary>
internal static class MediaTypes
{
    private const string UsualAccept = "application/json, text/event-stream";

    public static bool IsJson(string? contentType) =>
        contentType is "application/json"
        || (MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (parsed.Charset.Length == 0 || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether the client takes both forms of an answer.</summary>
    public static bool AcceptsJsonAndEvents(StringValues accept) =>
        accept.Count == 1 && accept[0] == UsualAccept
        || (Accepts(accept, "application/json") && Accepts(accept, "text/event-stream"));

    public static bool AcceptsEvents(StringValues accept) => Accepts(accept, "text/event-stream");

    private static bool Accepts(StringValues accept, string wanted)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var parsed))
        {
            return false;
        }

        var type = new MediaTypeHeaderValue(wanted);
        return parsed.Any(p => p.Quality is not 0 && type.IsSubsetOf(p));
    }
}
