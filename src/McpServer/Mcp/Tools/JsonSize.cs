using System.Buffers;
using System.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>How many bytes a text takes inside the JSON of an answer, where everything but plain ASCII is escaped.</summary>
internal static class JsonSize
{
    private const int EscapedBytes = 6;

    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Where(c => !"\"\\<>&'+`".Contains(c, StringComparison.Ordinal))]);

    /// <summary>An upper bound that is exact for plain text: two-byte escapes count as six. O(length), vectorised over plain text.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var bytes = text.Length;
        while (true)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain < 0)
            {
                return bytes;
            }

            bytes += EscapedBytes - 1;
            text = text[(plain + 1)..];
        }
    }

    /// <summary>A clean text cut so that it takes at most so many bytes; a plain one keeps as many characters.</summary>
    public static string Shorten(string text, int bytes)
    {
        var shown = SafeText.Shorten(text, bytes);
        for (var length = bytes / 2; Of(shown) > bytes; length /= 2)
        {
            shown = SafeText.Shorten(text, length);
        }

        return shown;
    }

    /// <summary>The same for what a builder holds from a position on.</summary>
    public static int Of(StringBuilder text, int from)
    {
        var bytes = 0;
        foreach (var chunk in text.GetChunks())
        {
            if (from < chunk.Length)
            {
                bytes += Of(chunk.Span[from..]);
                from = 0;
            }
            else
            {
                from -= chunk.Length;
            }
        }

        return bytes;
    }
}
