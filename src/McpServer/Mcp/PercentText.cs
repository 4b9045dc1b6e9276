using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace AiPlatform.McpServer.Mcp;

/// <summary>Text inside a URI: everything but letters, digits and <c>- . _ ~</c> is written as percent-encoded UTF-8. O(length), both ways.</summary>
internal static class PercentText
{
    /// <summary>The text as one segment of a URI. Segments of dots alone are encoded as well: a client must not take them for a way up.</summary>
    public static string Encode(string text) =>
        text is "." or ".." ? text.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(text);

    /// <summary>False when an escape is broken, what comes out is no UTF-8 or longer than allowed, or when it holds a control character, a delimiter that would have to be encoded, or nothing.</summary>
    /// <param name="segment">One segment.</param>
    /// <param name="maxBytes">Bytes of UTF-8 the text may have.</param>
    /// <param name="text">The text; empty when false.</param>
    public static bool TryDecode(ReadOnlySpan<char> segment, int maxBytes, out string text)
    {
        text = "";
        // An escape is the longest way to write a byte.
        if (segment.IsEmpty || segment.Length > maxBytes * 3)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[maxBytes];
        var written = 0;
        while (!segment.IsEmpty)
        {
            if (!TryTake(ref segment, bytes[written..], out var taken))
            {
                return false;
            }

            written += taken;
        }

        bytes = bytes[..written];
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes);
        return !text.Any(char.IsControl);
    }

    private static bool TryTake(ref ReadOnlySpan<char> segment, scoped Span<byte> room, out int taken)
    {
        taken = 0;
        if (segment[0] == '%')
        {
            if (room.IsEmpty || segment.Length < 3 || !byte.TryParse(segment[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out room[0]))
            {
                return false;
            }

            segment = segment[3..];
            taken = 1;
            return true;
        }

        if (segment[0] is '/' or '?' or '#' or ' ' || Rune.DecodeFromUtf16(segment, out var rune, out var consumed) != OperationStatus.Done)
        {
            return false;
        }

        segment = segment[consumed..];
        return rune.TryEncodeToUtf8(room, out taken);
    }
}
