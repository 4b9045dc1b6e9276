using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Content negotiation of the endpoint.</summary>
internal static class MediaTypes
{
    private const string UsualAccept = "application/json, text/event-stream";

    /// <summary>Whether a body is said to be JSON in UTF-8.</summary>
    public static bool IsJson(string? contentType) =>
        contentType is "application/json"
        || (MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (parsed.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether the client takes both forms of an answer.</summary>
    public static bool AcceptsJsonAndEvents(StringValues accept) =>
        accept.Count == 1 && accept[0] == UsualAccept
        || (Accepts(accept, "application/json") && Accepts(accept, "text/event-stream"));

    public static bool AcceptsEvents(StringValues accept) => Accepts(accept, "text/event-stream");

    /// <summary>Of the entries that include the type the most exact one decides; parameters such as a charset change nothing, for there is one form only.</summary>
    private static bool Accepts(StringValues accept, string wanted)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var parsed))
        {
            return false;
        }

        var deciding = parsed.Where(p => Includes(p, wanted)).MaxBy(p => p.MatchesAllTypes ? 0 : p.MatchesAllSubTypes ? 1 : 2);
        return deciding is not null && deciding.Quality is not 0;
    }

    private static bool Includes(MediaTypeHeaderValue range, string wanted) =>
        range.MatchesAllTypes
        || range.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || (range.MatchesAllSubTypes && wanted.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase));
}
