using System.Globalization;

namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>Ids of events: the stream's unguessable id and the place in the stream.</summary>
internal static class EventId
{
    private const int MaxLength = 64;
    private const char Separator = '.';

    public static string Write(string streamId, long number) => string.Create(CultureInfo.InvariantCulture, $"{streamId}{Separator}{number}");

    public static bool TryRead(string id, out string streamId, out long number)
    {
        var cut = id.Length <= MaxLength ? id.IndexOf(Separator, StringComparison.Ordinal) : -1;
        streamId = cut < 0 ? "" : id[..cut];
        number = 0;
        return cut > 0 && long.TryParse(id.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
